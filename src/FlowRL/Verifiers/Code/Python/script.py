"""What a script of tests is beside its statements: functions and classes of tests that nobody calls, and the program as a module.

Whoever runs a script brings a count, with `begins`, `passed`, `failed` and `total`, and `ran`: the script's functions that have been called.
"""
import _ast
import builtins
import sys

FUNCTION = type(lambda: None)


def parse(text, name, mode="exec"):
    return compile(text, name, mode, _ast.PyCF_ONLY_AST, dont_inherit=True)


def parts(node):
    """The nodes right below one."""
    for field in node._fields:
        value = getattr(node, field, None)
        for part in value if type(value) is list else [value]:
            if isinstance(part, _ast.AST):
                yield part


def walk(node):
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(parts(node))


def imported(tree):
    """The modules that a script imports, by their whole names. A relative import is one of the program."""
    for node in walk(tree):
        if isinstance(node, _ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, _ast.ImportFrom):
            node.module, node.level = node.module or "solution", 0
            yield node.module


def of_program(module):
    """Whether a module is the program, by whatever name: there is no other."""
    root = module.partition(".")[0]
    return root in ("solution", "__main__") or root not in sys.modules and not any(finder.find_spec(root, None) for finder in sys.meta_path)


def install(tree, make):
    """Lets a script import what it imports. Returns what it calls the program; `make` gives that as a module of that name."""
    modules = {"solution", *imported(tree)}
    if "pytest" in modules:
        later("pytest")
        sys.modules["pytest"] = pytest_stand_in()
    if "unittest" in modules:
        __import__("unittest").main = lambda *args, **kwargs: None  # it would look for tests in us, and end us
    programs = set(filter(of_program, modules))
    for name in sorted(programs):
        path = name.split(".")
        for length in range(1, len(path) + 1):
            sys.modules[".".join(path[:length])] = module = make(".".join(path[:length]))
            if length > 1:
                vars(sys.modules[".".join(path[:length - 1])])[path[length - 1]] = module
    return programs


def note_calls(tree):
    """Has each of a script's functions say that it was called."""
    for node in tree.body:
        if isinstance(node, _ast.FunctionDef):
            node.body.insert(0, parse(f"_count.ran.add({node.name!r})", "tests.py").body[0])


def run_uncalled(tree, names, count, entry):
    """Runs the tests that a script leaves to others: pytest's functions and classes, unittest's classes, and the check of a candidate."""
    for node in tree.body:
        value = names.get(node.name) if isinstance(node, (_ast.FunctionDef, _ast.ClassDef)) else None
        if is_skipped(value):
            continue
        if type(value) is FUNCTION and node.name not in count.ran:
            if takes_candidate(value):
                run_test("check", lambda check=value: check(entry()), count)
            elif node.name.startswith("test"):
                run_cases(node.name, value, names, count)
        elif isinstance(value, type) and "unittest" in sys.modules and issubclass(value, sys.modules["unittest"].TestCase):
            run_test_case(value, count)
        elif isinstance(value, type) and node.name.startswith("Test"):
            run_class(value, names, count)


def is_skipped(test):
    """Whether a test is marked as one to leave out. That it says so while it runs counts as a failure: the program might have said it."""
    return type(test) is not Remote and getattr(test, "__unittest_skip__", False)


def takes_candidate(function):
    code = function.__code__
    return code.co_argcount == 1 and not function.__defaults__ and (function.__name__ == "check" or code.co_varnames[0] == "candidate")


def run_test(what, call, count):
    """One test, which counts as one where it asserts nothing in words."""
    before = count.total
    count.begins()
    try:
        call()
    except Exception as failure:
        count.failed(failure, what)
    else:
        if count.total == before:
            count.passed()


def run_cases(what, function, names, count):
    """A function of pytest's with what it is parametrized with, and with fixtures; one that wants anything else is a helper of others."""
    code = getattr(function, "__func__", function).__code__
    wanted = code.co_varnames[:code.co_argcount][1 if hasattr(function, "__func__") else 0:]
    wanted = wanted[:len(wanted) - len(function.__defaults__ or ())]
    for case in getattr(function, "cases", [{}]):
        given = {name: names[name] for name in wanted if name not in case and hasattr(names.get(name), "is_fixture")}
        if all(name in case or name in given for name in wanted):
            run_test(what, lambda: function(**case, **{name: fixture(value, names) for name, value in given.items()}), count)


def fixture(function, names):
    code = function.__code__
    value = function(**{name: fixture(names[name], names) for name in code.co_varnames[:code.co_argcount]})
    return next(value) if type(value).__name__ == "generator" else value


def test_methods(kind):
    return [name for name in dir(kind) if name.startswith("test") and callable(getattr(kind, name)) and not is_skipped(getattr(kind, name))]


def run_class(kind, names, count):
    for name in test_methods(kind):
        instance = kind()
        if hasattr(instance, "setup_method"):
            instance.setup_method(*[None][:instance.setup_method.__code__.co_argcount - 1])
        run_cases(f"{kind.__name__}.{name}", getattr(instance, name), names, count)


def run_test_case(kind, count):
    kind.setUpClass()
    for name in test_methods(kind):
        def call(case=kind(name)):
            case.setUp()
            try:
                getattr(case, case._testMethodName)()
            finally:
                case.tearDown()
                case.doCleanups()
        run_test(f"{kind.__name__}.{name}", call, count)
