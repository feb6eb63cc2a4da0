"""Inputs for which the right output is whatever a reference solution gives, and the types that JSON took from them."""


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
            if typed and all(type(key) is int for key in typed):
                self.kinds[path + ("key",)] = int
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
            has_numbers = self.kinds.get(path + ("key",)) is int and all(key.lstrip("-").isdecimal() for key in value)
            return {int(key) if has_numbers else key: self._apply(path + ("*",), item, list, list) for key, item in value.items()}
        kind = self.kinds.get(path)
        if kind in (complex, float) and type(value) is str:
            try:
                return kind(value)
            except ValueError:
                return value
        return value
