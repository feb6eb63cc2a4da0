"""Which function of a program is meant, and LeetCode's nodes where it takes or gives them: tests write them as lists."""


def find(names, wanted):
    """A function, or that method of a new Solution. Where there is none of that name, one that differs in case and underscores; without a name, the one
    that no other calls."""
    path = wanted.replace("()", "").split(".")
    solution = names.get("Solution")
    methods = {name: value for name, value in vars(solution).items() if callable(getattr(solution, name))} if isinstance(solution, type) else {}
    if path[-1] == "":
        return entry(names, methods, solution)
    if path[0] != "Solution" and callable(names.get(path[-1])):
        return names[path[-1]]
    if isinstance(solution, type) and callable(getattr(solution, path[-1], None)):
        return getattr(solution(), path[-1])
    for group, owner in ((names, lambda name: names[name]), (methods, lambda name: getattr(solution(), name))):
        alike = [name for name, value in group.items() if loose(name) == loose(path[-1]) and callable(owner(name))]
        if len(alike) == 1:
            return owner(alike[0])
    raise NameError(f"the program has no function '{wanted}'")


def loose(name):
    return name.replace("_", "").lower()


def entry(names, methods, solution):
    """The function that a program is about: that of its own which none of the others mentions; of several, the last."""
    own = {name: value for name, value in (methods or names).items() if type(value) is type(find) and not name.startswith("_")}
    own = {name: value for name, value in own.items() if value.__module__ == "solution"}
    mentioned = {word for name, value in own.items() for word in mentions(value.__code__) if word != name}
    heads = [name for name in own if name not in mentioned] or list(own)
    if not heads:
        raise NameError("the program has no function")
    return getattr(solution(), heads[-1]) if methods else names[heads[-1]]


def mentions(code):
    yield from code.co_names
    for inner in code.co_consts:
        if type(inner) is type(code):
            yield from mentions(inner)


def invoke(function, arguments):
    """Calls it with what a test gives, nodes made from lists and lists from nodes as it says that it takes and gives them."""
    said = getattr(function, "__annotations__", {})
    if not any("Node" in str(kind) for kind in said.values()):
        return function(*arguments)
    later("usual")
    code = getattr(function, "__func__", function).__code__
    wanted = code.co_varnames[1 if hasattr(function, "__func__") else 0:code.co_argcount]
    kinds = [str(said.get(name)) for name in wanted]
    value = function(*(to_node(argument, kind, function.__globals__) for argument, kind in zip(arguments, kinds)), *arguments[len(kinds):])
    return from_node(value, str(said.get("return")))
