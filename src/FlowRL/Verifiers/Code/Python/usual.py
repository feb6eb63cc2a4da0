"""What programs and tests may use without importing it: the names that LiveCodeBench's harness puts before every program, and LeetCode's nodes."""
NOTHING = object()

# As after `from module import *` for each: where several have a name, the first of these has it.
STARS = ("collections", "itertools", "functools", "math", "heapq", "bisect", "typing", "string", "operator", "re", "copy", "random", "statistics",
         "datetime", "fractions", "decimal", "json", "io", "sys")
WHOLE = frozenset(STARS) | {"cmath", "os", "queue", "threading", "time"}


def usual(name, text=""):
    """What a name means where a text does not say; NOTHING where it means nothing."""
    if name.startswith("_"):
        return NOTHING
    if name == "np":
        return installed("numpy")
    module = __import__(name) if name in WHOLE else NOTHING
    # datetime.timedelta is of the module, datetime.now of its class, copy(x) a function.
    if module is not NOTHING and (not hasattr(module, name) or any(hasattr(module, used) for used in attributes(name, text))):
        return module
    for source in map(__import__, STARS):
        if name in getattr(source, "__all__", vars(source)) and type(getattr(source, name, sys)) is not type(sys):
            return getattr(source, name)
    return module if module is not NOTHING else NODES.get(name, NOTHING)


def installed(name):
    try:
        return __import__(name)
    except ImportError:
        return NOTHING


def attributes(name, text):
    """What a text takes of a name: what stands behind it and a point."""
    for part in text.split(name + ".")[1:]:
        end = 0
        while end < len(part) and (part[end].isalnum() or part[end] == "_"):
            end += 1
        yield part[:end]
