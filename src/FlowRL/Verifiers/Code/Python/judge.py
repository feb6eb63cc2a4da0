"""Runs the tests of a program that is in another sandbox. Expected values live here; of the program, only its answers arrive."""


class Names(dict):
    """The tests' own names, then Python's, then the program's, then those that nobody has to import."""

    def __init__(self, peer, entry):
        super().__init__(__name__="tests", __builtins__=builtins)
        self.peer, self.entry, self.used, self.script = peer, entry, False, ""

    def __missing__(self, name):
        if hasattr(builtins, name) and name != self.entry:
            raise KeyError(name)
        try:
            return self.of_program(name)
        except KeyError:
            later("usual")
            value = usual(name, self.script)
            if value is NOTHING:
                raise NameError(f"the program has no '{name}'") from None
            self[name] = value
            return value

    def of_program(self, name):
        """What the program calls so; KeyError where it has no such name."""
        value = self.peer.service("name", name)
        self.used = True
        return value

    def candidate(self):
        """The function that the tests are about."""
        value = self.peer.service("function", self.entry)
        self.used = True
        return value


class ProgramModule(type(sys)):
    """The program as tests import it."""

    def __init__(self, name, names):
        super().__init__(name)
        vars(self).update(__path__=[], _names=names)

    def __getattr__(self, name):
        try:
            if not name.startswith("__"):
                return self._names.of_program(name)
        except KeyError:
            pass
        raise AttributeError(f"there is no module '{self.__name__}', and the program has no '{name}'")


class Stop(BaseException):
    """The rest of the tests does not matter."""


class Count:
    """What the tests came to, told one by one."""

    def __init__(self, peer, stop_at_failure):
        self.peer, self.stop_at_failure, self.total, self.wrong, self.begun, self.ran = peer, stop_at_failure, 0, 0, set(), set()

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
        self.wrong += 1
        kind = "failed" if isinstance(failure, AssertionError) else "memory" if isinstance(failure, MemoryError) else "error"
        words = _words(failure)
        parts = [what, words] if kind == "failed" else [what, type(failure).__name__, words]
        reason = ": ".join(part for part in parts if part)
        self.peer.tell("test", False, kind, reason[:500])
        if self.stop_at_failure:
            raise Stop


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


# What asks about a type, and which of its arguments is that.
ASKING = {"isinstance": 1, "issubclass": 1, "assertIsInstance": 1, "assertNotIsInstance": 1, "assertRaises": 0, "assertRaisesRegex": 0, "raises": 0}


def needs_one_process(tree, defined):
    """Whether tests only work beside the program: they name one of its types as a base class, in except, or to be asked about, or they await."""
    def foreign(node):
        return any(isinstance(part, _ast.Name) and part.id not in defined and not hasattr(builtins, part.id) for part in walk(node))
    for node in walk(tree):
        if isinstance(node, (_ast.AsyncFunctionDef, _ast.Await)):
            return True
        if isinstance(node, _ast.ClassDef) and any(foreign(base) for base in node.bases):
            return True
        if isinstance(node, _ast.ExceptHandler) and node.type is not None and foreign(node.type):
            return True
        place = ASKING.get(getattr(node.func, "id", getattr(node.func, "attr", ""))) if isinstance(node, _ast.Call) else None
        if place is not None and any(map(foreign, node.args[place:place + 1])):
            return True
    return False


def defined_names(tree, programs):
    """The names that tests define themselves, what they import from the program left out."""
    names = set()
    for node in walk(tree):
        if isinstance(node, (_ast.FunctionDef, _ast.ClassDef, _ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, _ast.Name) and isinstance(node.ctx, _ast.Store):
            names.add(node.id)
        elif isinstance(node, (_ast.Import, _ast.ImportFrom)):
            names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names
                         if getattr(node, "module", alias.name) not in programs)
        elif isinstance(node, _ast.arg):
            names.add(node.arg)
    return names


def import_modules(tree, names):
    """Standard modules that the tests use without importing them. If they were taken from the program, math.isclose would be what it says."""
    nodes = list(walk(tree))
    used = {node.value.id for node in nodes if isinstance(node, _ast.Attribute) and isinstance(node.value, _ast.Name)}
    called = {node.func.id for node in nodes if isinstance(node, _ast.Call) and isinstance(node.func, _ast.Name)}
    for name in used - called - defined_names(tree, ()) - set(names) - {names.entry}:
        if name in getattr(sys, "stdlib_module_names", ()):  # Python 3.10
            names[name] = __import__(name)


def run_script(test, names, count):
    """Statements one by one, then the tests that nobody called: a failed assertion is one failed test, anything else that fails ends what it is in."""
    tree = parse(test["script"], "tests.py")
    programs = install(tree, lambda name: ProgramModule(name, names))
    if needs_one_process(tree, defined_names(tree, programs) | set(names)):
        raise NotApart
    import_modules(tree, names)
    lines = test["script"].splitlines()
    count_assertions(tree, lines)
    note_calls(tree)
    names["_count"], names.script, before, wrong = count, test["script"], count.total, count.wrong
    count.begun.clear()
    count.ran.clear()
    if run_statements(tree.body, lines, names, count):
        run_uncalled(tree, names, count, names.candidate)
    if not names.used and count.wrong == wrong:
        names.peer.tell("unused")
        raise Stop
    if count.total == before:
        count.passed()


def run_statements(statements, lines, names, count):
    for statement in statements:
        try:
            exec(compile(_ast.Module([statement], []), "tests.py", "exec", dont_inherit=True), names)
        except Exception as failure:
            count.failed(failure, short(lines[statement.lineno - 1].strip()))
            return False
    return True


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
        if json_lists and expected.keys() != actual.keys():  # JSON knows keys that are texts, and no others
            texts = {key_text(key): value for key, value in actual.items()}
            actual = texts if len(texts) == len(actual) else actual
        return expected.keys() == actual.keys() and all(same(value, actual[key], tolerance, json_lists) for key, value in expected.items())
    return False


def key_text(key):
    """A key as JSON, or Python, writes it as a text."""
    return key if type(key) is str else {True: "true", False: "false", None: "null"}[key] if key is None or type(key) is bool else repr(key)


def start():
    source, target = private_channels()
    peer = Peer(source, target, ("call",))
    job = peer.receive()
    settle(job)
    names, count = Names(peer, job["entry"]), Count(peer, job["stop_at_failure"])
    try:
        exec(compile(job["prelude"], "prelude.py", "exec", dont_inherit=True), names)
        if job["entry"]:
            names.pop(job["entry"], None)
        for test in job["tests"]:
            if test["kind"] == "reference":
                later("reference")
            globals()[f"run_{test['kind']}"](test, names, count)
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
