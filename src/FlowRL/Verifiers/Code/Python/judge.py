"""Runs the tests of a program that is in another sandbox. Expected values live here; of the program, only its answers arrive."""
import _ast


class Names(dict):
    """The tests' own names, then Python's, then the program's."""

    def __init__(self, peer, entry):
        super().__init__(__name__="tests", __builtins__=builtins)
        self.peer, self.entry, self.used = peer, entry, False

    def __missing__(self, name):
        if hasattr(builtins, name) and name != self.entry:
            raise KeyError(name)
        self.used = True
        try:
            return self.peer.look_up(name)
        except KeyError:
            raise NameError(f"the program has no '{name}'") from None


class Stop(BaseException):
    """The rest of the tests does not matter."""


class Count:
    """What the tests came to, told one by one."""

    def __init__(self, peer, stop_at_failure):
        self.peer, self.stop_at_failure, self.total, self.begun = peer, stop_at_failure, 0, set()

    def begins(self, place=None):
        """The time of a test begins: of an assertion only where it is first come to, or one in a loop might never end."""
        if place is None or place not in self.begun:
            self.begun.add(place)
            self.peer.tell("begins")

    def passed(self):
        self.total += 1
        self.peer.tell("test", True, "", "")

    def failed(self, failure, what):
        self.total += 1
        kind = "failed" if isinstance(failure, AssertionError) else "memory" if isinstance(failure, MemoryError) else "error"
        words = _words(failure)
        parts = [what, words] if kind == "failed" else [what, type(failure).__name__, words]
        reason = ": ".join(part for part in parts if part)
        self.peer.tell("test", False, kind, reason[:500])
        if self.stop_at_failure:
            raise Stop


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


def count_assertions(node, lines):
    """Makes each assertion below a node count by itself."""
    for part in parts(node):
        count_assertions(part, lines)
    for field in node._fields:
        value = getattr(node, field, None)
        if type(value) is list:
            value[:] = [counted(part, lines) if isinstance(part, _ast.Assert) else part for part in value]


def counted(assertion, lines):
    what = short(lines[assertion.lineno - 1].strip().removeprefix("assert "))
    place = assertion.lineno, assertion.col_offset
    text = f"try:\n _count.begins({place})\nexcept Exception as _failure:\n _count.failed(_failure, {what!r})\nelse:\n _count.passed()"
    arms = parse(text, "tests.py").body[0]
    arms.body.append(assertion)
    return arms


def short(text):
    return text if len(text) <= 120 else text[:117] + "..."


def shown(value):
    """A value in a message. That it cannot be written, as an integer of a million digits, makes it no less wrong."""
    try:
        return short(repr(value))
    except Exception:
        return "an object" if type(value) is Remote else f"a value of type {type(value).__name__}"


def needs_one_process(tree, defined):
    """Whether the tests use a name of the program's in a way that only works beside it: as a base class, in except, or in isinstance."""
    def foreign(node):
        return any(isinstance(part, _ast.Name) and part.id not in defined and not hasattr(builtins, part.id) for part in walk(node))
    for node in walk(tree):
        if isinstance(node, _ast.ClassDef) and any(foreign(base) for base in node.bases):
            return True
        if isinstance(node, _ast.ExceptHandler) and node.type is not None and foreign(node.type):
            return True
        is_call = isinstance(node, _ast.Call) and isinstance(node.func, _ast.Name)
        if is_call and node.func.id in ("isinstance", "issubclass") and any(foreign(kind) for kind in node.args[1:]):
            return True
    return False


def defined_names(tree):
    names = set()
    for node in walk(tree):
        if isinstance(node, (_ast.FunctionDef, _ast.ClassDef, _ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, _ast.Name) and isinstance(node.ctx, _ast.Store):
            names.add(node.id)
        elif isinstance(node, _ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, _ast.arg):
            names.add(node.arg)
    return names


def import_modules(tree, names):
    """Standard modules that the tests use without importing them. If they were taken from the program, math.isclose would be what it says."""
    nodes = list(walk(tree))
    used = {node.value.id for node in nodes if isinstance(node, _ast.Attribute) and isinstance(node.value, _ast.Name)}
    called = {node.func.id for node in nodes if isinstance(node, _ast.Call) and isinstance(node.func, _ast.Name)}
    for name in used - called - defined_names(tree) - set(names) - {names.entry}:
        if name in getattr(sys, "stdlib_module_names", ()):  # Python 3.10
            names[name] = __import__(name)


def run_script(test, names, count):
    """Statements one by one: a failed assertion is one failed test, anything else that fails ends the script."""
    tree = parse(test["script"], "tests.py")
    if needs_one_process(tree, defined_names(tree) | set(names)):
        raise NotApart
    import_modules(tree, names)
    lines = test["script"].splitlines()
    count_assertions(tree, lines)
    names["_count"], before = count, count.total
    count.begun.clear()
    run_part(tree.body, lines, names, count)
    if not names.used:
        for name in [n for n, value in names.items() if n.startswith("test_") and callable(value)]:
            run_part(parse(f"{name}()", "tests.py").body, [f"{name}()"], names, count)
    if not names.used:
        names.peer.tell("unused")
        raise Stop
    if count.total == before:
        count.passed()


def run_part(statements, lines, names, count):
    for statement in statements:
        try:
            exec(compile(_ast.Module([statement], []), "tests.py", "exec", dont_inherit=True), names)
        except Exception as failure:
            count.failed(failure, short(lines[statement.lineno - 1].strip()))
            return


def run_call(test, names, count):
    """One call and the value that it should give."""
    what = short(test["call"])
    count.begins()
    try:
        tree = parse(test["call"].strip(), "tests.py", "eval")
        import_modules(tree, names)
        actual = eval(compile(tree, "tests.py", "eval"), names)
        if same(test["value"], actual, test["tolerance"], json_lists=True) or is_literal(test.get("literal"), actual, test["tolerance"]):
            return count.passed()
        raise AssertionError(f"gave {shown(actual)}")
    except (Exception, NotApart) as failure:
        count.failed(failure, what)


def is_literal(text, actual, tolerance):
    """Whether the text is the Python literal of the value."""
    try:
        return text is not None and same(read_literal(text), actual, tolerance)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False


LITERAL = (_ast.Expression, _ast.Constant, _ast.Tuple, _ast.List, _ast.Set, _ast.Dict, _ast.UnaryOp, _ast.USub, _ast.UAdd, _ast.BinOp, _ast.Add,
           _ast.Sub, _ast.Load)


def read_literal(text):
    """A literal, set() and frozenset() with one inside, and numbers such as 1+2j."""
    tree = parse(text.strip(), "expected", "eval")
    for node in walk(tree):
        if isinstance(node, _ast.Call) and isinstance(node.func, _ast.Name) and node.func.id in ("set", "frozenset"):
            continue
        if isinstance(node, _ast.Name) and node.id in ("set", "frozenset"):
            continue
        if not isinstance(node, LITERAL):
            raise ValueError(text)
    return eval(compile(tree, "expected", "eval"), {"__builtins__": {"set": set, "frozenset": frozenset}})


def run_observe(test, names, count):
    """What expressions give, or which exception they raise; no test."""
    def value(text):
        try:
            return repr(eval(compile(text, "tests.py", "eval", dont_inherit=True), names))
        except Exception as failure:
            return type(failure).__name__
    names.peer.tell("observed", "; ".join(value(text) for text in test["expressions"])[:4000])


def run_reference(test, names, count):
    """Inputs for which the right output is whatever a reference solution gives."""
    own = {"__name__": "reference", "__builtins__": builtins}
    exec(compile(test["reference"], "reference.py", "exec", dont_inherit=True), own)
    typed = Types(test["examples"], test["entry"], test["inputs"]) if test["examples"] else None
    agree = agreement(test, own)
    import copy
    program = names[test["entry"]]
    for inputs in test["inputs"]:
        inputs = typed.apply(inputs) if typed else inputs
        what = short(f"{test['entry']}({', '.join(map(repr, inputs))})")
        try:
            expected = own[test["entry"]](*copy.deepcopy(inputs))
        except Exception as failure:
            count.peer.tell("unfit", f"{what}: the reference fails with {type(failure).__name__}: {_words(failure)}"[:500])
            continue
        count.begins()
        try:
            actual = program(*copy.deepcopy(inputs))
            if not agree(expected, actual, inputs):
                raise AssertionError(f"gave {shown(actual)} instead of {shown(expected)}")
        except Exception as failure:
            count.failed(failure, what)
        else:
            count.passed()


def agreement(test, reference):
    """When an output is right; the few problems that have more than one right output say so by name."""
    tolerance = test["tolerance"]
    rule = test["agreement"]
    if rule == "set":
        return lambda expected, actual, inputs: set(actual) == set(expected)
    if rule == "presence":
        def there(value):
            return value if type(value) is bool else value is not None
        return lambda expected, actual, inputs: there(actual) == there(expected)
    if rule == "root":
        return lambda expected, actual, inputs: type(actual) in (int, float) and abs(sum(c * actual ** i for i, c in enumerate(inputs[0]))) <= tolerance
    return lambda expected, actual, inputs: same(expected, actual, tolerance)


INFINITY = float("inf")


def same(expected, actual, tolerance, json_lists=False):
    """Python's equality of plain data, with a tolerance for floats."""
    if type(actual) is Remote:
        return False
    if expected == actual:
        return True
    numbers = (int, float, complex)
    if type(expected) in numbers and type(actual) in numbers:
        if float not in (type(expected), type(actual)) and complex not in (type(expected), type(actual)):
            return False
        if expected != expected:
            return actual != actual
        try:
            return abs(expected) != INFINITY and abs(expected - actual) <= tolerance + 1e-7 * abs(expected)
        except OverflowError:
            return False
    sequences = (list, tuple)
    if type(expected) in sequences and type(actual) in sequences and (type(expected) is type(actual) or json_lists):
        return len(expected) == len(actual) and all(same(e, a, tolerance, json_lists) for e, a in zip(expected, actual))
    if type(expected) is dict and type(actual) is dict:
        return expected.keys() == actual.keys() and all(same(value, actual[key], tolerance, json_lists) for key, value in expected.items())
    return False


class Types:
    """Which types JSON took from a function's arguments, learnt from examples that were written as Python."""

    def __init__(self, examples, entry, inputs):
        self.kinds = {}
        calls = sorted(walk(parse(examples, "examples")), key=lambda node: getattr(node, "lineno", 0))
        written = [arguments for node in calls if (arguments := self._arguments(node, entry)) is not None]
        for arguments, plain in zip(written, inputs):
            if len(arguments) == len(plain):
                for index, (typed, untyped) in enumerate(zip(arguments, plain)):
                    self._learn((index,), typed, untyped)

    @staticmethod
    def _arguments(node, entry):
        if isinstance(node, _ast.Call) and isinstance(node.func, _ast.Name) and node.func.id == entry:
            try:
                return [eval(compile(_ast.Expression(argument), "examples", "eval"), {"__builtins__": builtins}) for argument in node.args]
            except Exception:
                return None
        return None

    def _learn(self, path, typed, plain):
        kind = type(typed)
        if kind in (tuple, set, frozenset, complex, list, str):
            self.kinds[path] = kind
        elif kind in (int, float) and type(plain) is str:
            self.kinds.setdefault(path, float)
        if kind in (tuple, list) and type(plain) is list:
            for one, other in zip(typed, plain):
                self._learn(path + ("*",), one, other)
        if kind is dict and type(plain) is dict:
            for one, other in zip(typed.values(), plain.values()):
                self._learn(path + ("*",), one, other)

    def apply(self, inputs):
        return [self._apply((index,), value, list, list) for index, value in enumerate(inputs)]

    def _apply(self, path, value, around, beyond):
        """Deeper than the examples go, a list is what it lies in, where they nest that kind in itself."""
        if type(value) is list:
            kind = self.kinds.get(path, around if around is beyond and len(path) > 2 else list)
            kind = kind if kind in (tuple, set, frozenset) else list
            return kind(self._apply(path + ("*",), item, kind, around) for item in value)
        if type(value) is dict:
            return {key: self._apply(path + ("*",), item, list, list) for key, item in value.items()}
        kind = self.kinds.get(path)
        if kind in (complex, float) and type(value) is str:
            try:
                return kind(value)
            except ValueError:
                return value
        return value


def start():
    source, target = private_channels()
    peer = Peer(source, target, ("call",))
    job = peer.receive()
    names, count = Names(peer, job["entry"]), Count(peer, job["stop_at_failure"])
    try:
        exec(compile(job["prelude"], "prelude.py", "exec", dont_inherit=True), names)
        if job["entry"]:
            names.pop(job["entry"], None)
        for test in job["tests"]:
            {"script": run_script, "call": run_call, "observe": run_observe, "reference": run_reference}[test["kind"]](test, names, count)
    except Stop:
        pass
    except NotApart:
        peer.tell("together")
    except SyntaxError as failure:
        peer.tell("unreadable", f"{failure.msg} (line {failure.lineno})")
    except BaseException as failure:
        peer.tell("unreadable", f"{type(failure).__name__}: {_words(failure)}")
    peer.tell("end")
    os._exit(0)


sys.setrecursionlimit(5000)
start()
