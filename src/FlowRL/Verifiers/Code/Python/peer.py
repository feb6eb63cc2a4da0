"""Both ends of the conversation between a program and its judge: a JSON array a line, strictly in turn.

Plain data crosses by value, so that nothing of the program's decides what it equals; everything else stays where it is and is used
through a Remote. What comes from the other end is data of the kinds that are listed here, whatever it says: of modules and types, only names
in lists of our own are heeded. Lines that begin with '>' are for the other end, lines with '#' for whoever started the two.
"""
import _json
import builtins
import os
import sys


class _Reading:
    """How the scanner of the json package is set up; the package itself takes as long to import as Python takes to start."""
    strict, object_hook, object_pairs_hook, parse_float, parse_int, memo = True, None, None, float, int, {}
    parse_constant = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}.__getitem__


_scan = _json.make_scanner(_Reading)
_encode = _json.make_encoder({}, None, _json.encode_basestring_ascii, None, ":", ",", False, False, True)


def later(name):
    """Brings in a part of this source that few need."""
    if name in LATER:
        exec(LATER.pop(name), globals())


def settle(job):
    """What is left to do before a program comes: nothing, where it has a sandbox of its own."""


def read_json(text):
    try:
        return _scan(text, 0)[0]
    except StopIteration:  # how the scanner says that it is no JSON; a loop would take it for its end
        raise ValueError("no JSON") from None


def write_json(value):
    return "".join(_encode(value, 0))


# Types and modules that a name may stand for: importing the latter does nothing beside.
TYPES = {name: value for name, value in vars(builtins).items() if type(value) is type and value.__module__ == "builtins"}
MODULES = frozenset("bisect cmath collections copy datetime decimal fractions functools heapq itertools json math numpy operator random re statistics "
                    "string typing".split())


class ProgramError(Exception):
    """An exception of the other end whose type does not exist here."""


class CannotCross(TypeError):
    """A value that has no meaning at the other end."""


class NotApart(BaseException):
    """Tests that only work beside the program. Nothing that a program says may raise it: beside them, it could take them over."""


def private_channels():
    """Takes standard input and output for the conversation and leaves empty ones to whatever else runs in this process, which has no other file."""
    # It should have been started with none. Where Python has no close_range it tries every number, so it is told where they end.
    os.closerange(3, int(sys.argv[1]))
    source, target = os.fdopen(os.dup(0), "rb"), os.dup(1)
    empty = os.open("/dev/null", os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(empty, number)
    os.close(empty)
    return source, target


def write_all(target, text, write=os.write):
    data = text.encode("ascii")
    while data:
        data = data[write(target, data):]


class Remote:
    """An object of the other end. It never equals plain data, and plain data never reaches its operators: those are the program's own code."""

    def __init__(self, peer, number):
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_number", number)

    def __call__(self, /, *args, **kwargs):
        return self._peer.ask("call", self, args, kwargs)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._peer.ask("getattr", self, (name,))

    def __setattr__(self, name, value):
        self._peer.ask("setattr", self, (name, value))

    def __ne__(self, other):
        return not self == other


def _operator(name, among_remotes_only):
    def operate(self, *others):
        if among_remotes_only and not all(type(other) is Remote for other in others):
            return False if name == "eq" else NotImplemented
        return self._peer.ask(name, self, others)
    return operate


OWN = ("len", "iter", "next", "getitem", "setitem", "delitem", "contains", "bool", "hash", "str", "repr", "enter", "exit", "neg", "abs")
PAIRED = ("eq", "lt", "le", "gt", "ge", "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor")
for _name in OWN + PAIRED:
    setattr(Remote, f"__{_name}__", _operator(_name, _name in PAIRED))

OPERATIONS = {
    "call": lambda target, /, *args, **kwargs: target(*args, **kwargs),
    "getattr": getattr, "setattr": setattr, "len": len, "iter": iter, "next": next, "bool": bool, "str": str, "repr": repr, "abs": abs,
    "getitem": lambda target, key: target[key],
    "contains": lambda target, key: key in target,
}


def _operate(name, target, args, kwargs):
    if name in OPERATIONS:
        return OPERATIONS[name](target, *args, **kwargs)
    if name in OWN or name in PAIRED:
        return getattr(type(target), f"__{name}__")(target, *args)
    raise CannotCross(name)


class Peer:
    """One end. `answers` says which questions about its own objects it takes; `services`, which only a program has, are questions about none."""

    def __init__(self, source, target, answers, services=None):
        self._source, self._target, self._answers = source, target, answers
        self._services = services or {}
        self._objects = []

    def tell(self, *facts):
        write_all(self._target, "#" + write_json(list(facts)) + "\n")

    def receive(self):
        line = self._source.readline()
        if not line:
            os._exit(0)
        return read_json(line.decode())

    def serve(self):
        while True:
            self._answer(self.receive())

    def service(self, name, *facts):
        """Asks for one of the other end's services."""
        return self._converse([name, *facts], ())

    def ask(self, operation, remote, args=(), kwargs=None):
        message = [operation, remote._number, [self._encode(value) for value in args], {key: self._encode(value) for key, value in (kwargs or {}).items()}]
        return self._converse(message, args)

    def _converse(self, message, args):
        self._send(message)
        while True:
            answer = self.receive()
            if answer[0] == "=":
                for index, changed in answer[2]:
                    if type(index) is int and 0 <= index < len(args):
                        _replace(args[index], self._decode(changed))
                return self._decode(answer[1])
            if answer[0] == "!":
                failure = _exception(*answer[1:4])
                if isinstance(failure, StopIteration) and message[0] != "next":  # it would end a loop of the tests, such as all(map(...))
                    failure = RuntimeError("the program raised StopIteration")
                raise failure
            self._answer(answer)

    def _send(self, message):
        write_all(self._target, ">" + write_json(message) + "\n")

    def _answer(self, message):
        try:
            if message[0] in self._services:
                answer = ["=", self._encode(self._services[message[0]](*map(self._decode, message[1:]))), []]
            elif message[0] not in self._answers:
                raise CannotCross(message[0])
            else:
                args = [self._decode(value) for value in message[2]]
                kwargs = {key: self._decode(value) for key, value in message[3].items()}
                value = _operate(message[0], self._objects[message[1]], args, kwargs)
                answer = ["=", self._encode(value), self._changes(message[2], args)]
        except BaseException as failure:
            answer = ["!", type(failure).__name__, _words(failure), _builtin_kind(failure)]
        self._send(answer)

    def _changes(self, before, args):
        """Lists, sets and dictionaries that the call changed, so that the caller's own change with them."""
        changed = []
        for index, value in enumerate(args):
            if type(value) in (list, set, dict):
                now = self._encode(value)
                if now != before[index]:
                    changed.append([index, now])
        return changed

    def _encode(self, value):
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if kind is Remote:
            return ["yours", value._number]
        if issubclass(kind, int):
            number = int.__int__(value)
            return number if number.bit_length() <= 64 else ["int", hex(number)]
        if issubclass(kind, float):
            number = float.__float__(value)
            return number if number - number == 0 else ["float", repr(number)]
        if issubclass(kind, str):
            return str.__str__(value)
        for base, tag in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "frozenset")):
            if issubclass(kind, base):
                return [tag] + [self._encode(item) for item in base.__iter__(value)]
        if issubclass(kind, dict):
            return ["dict"] + [[self._encode(key), self._encode(item)] for key, item in dict.items(value)]
        if issubclass(kind, complex):
            return ["complex", value.real, value.imag]
        if issubclass(kind, (bytes, bytearray)):
            return [kind.__name__ if kind in (bytes, bytearray) else "bytes", bytes(value).hex()]
        if kind is range:
            return ["range", value.start, value.stop, value.step]
        if (kind.__module__, kind.__name__) == ("decimal", "Decimal"):
            return ["Decimal", str(value)]
        if (kind.__module__, kind.__name__) == ("fractions", "Fraction"):
            return ["Fraction", self._encode(value.numerator), self._encode(value.denominator)]
        if kind.__module__ == "collections" and kind.__name__ == "deque":
            return ["deque"] + [self._encode(item) for item in value]
        if kind is type(sys) and value.__name__ in MODULES:
            return ["module", value.__name__]
        if kind is type and TYPES.get(value.__name__) is value:
            return ["type", value.__name__]
        if not self._services and not callable(value):
            raise NotApart(f"a {kind.__name__} of the tests cannot be given to the program")
        self._objects.append(value)
        return ["mine", len(self._objects) - 1]

    def _decode(self, value):
        if type(value) is not list:
            return value
        tag, rest = value[0], value[1:]
        if tag in ("list", "tuple", "set", "frozenset"):
            return TYPES[tag](self._decode(item) for item in rest)
        if tag == "dict":
            return {self._decode(key): self._decode(item) for key, item in rest}
        if tag == "int":
            return int(rest[0], 16)
        if tag == "float":
            return float(rest[0])
        if tag == "complex":
            return complex(rest[0], rest[1])
        if tag in ("bytes", "bytearray"):
            return TYPES[tag].fromhex(rest[0])
        if tag == "range":
            return range(*rest)
        if tag == "type" and rest[0] in TYPES:
            return TYPES[rest[0]]
        if tag == "mine" and type(rest[0]) is int:
            return Remote(self, rest[0])
        if tag == "yours" and type(rest[0]) is int and 0 <= rest[0] < len(self._objects):
            return self._objects[rest[0]]
        if tag == "module" and rest[0] in MODULES:
            return __import__(rest[0])
        if tag == "deque":
            return __import__("collections").deque(self._decode(item) for item in rest)
        if tag == "Decimal":
            return __import__("decimal").Decimal(rest[0])
        if tag == "Fraction":
            return __import__("fractions").Fraction(*(int(self._decode(part)) for part in rest[:2]))
        raise CannotCross(tag)


def _words(failure):
    try:
        return str(failure)[:500]
    except BaseException:
        return ""


def _builtin_kind(failure):
    """The nearest of its types that the other end knows too."""
    return next(kind.__name__ for kind in type(failure).__mro__ if kind.__module__ == "builtins")


def _exception(name, words, builtin_kind):
    """An exception of a type with that name, which `except` with the built-in type catches as well."""
    try:
        kind = TYPES[builtin_kind]
        if not issubclass(kind, Exception):
            return ProgramError(f"{name}: {words}")
        return kind(words) if name == builtin_kind else type(name, (ProgramError, kind), {})(words)
    except Exception:
        return ProgramError(f"{name}: {words}")


def _replace(old, new):
    if type(old) is not type(new):
        return
    if type(old) is list:
        old[:] = new
    elif type(old) in (set, dict):
        old.clear()
        old.update(new)
