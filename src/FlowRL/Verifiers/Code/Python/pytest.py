"""The part of pytest that tests of one function use: raises, approx, parametrize, fixtures."""


def pytest_stand_in():
    module = type(sys)("pytest")
    vars(module).update(raises=Raises, approx=Approx, mark=Marks(), fixture=fixture_mark, param=lambda *values, **words: Values(values), fail=fail, skip=skip,
                        main=lambda *args, **words: 0)
    return module


class Values(tuple):
    """One case of parametrize."""


def skip(reason="", **words):
    raise AssertionError(f"skipped: {reason}")


def leave_out(test):
    test.__unittest_skip__ = True
    return test


def fail(reason="", **words):
    raise AssertionError(reason)


def fixture_mark(function=None, **words):
    if function is None:
        return fixture_mark
    function.is_fixture = True
    return function


class Marks:
    """Marks say nothing about what is right, but for the cases of parametrize."""

    def __getattr__(self, name):
        def mark(*args, **words):
            return args[0] if len(args) == 1 and not words and callable(args[0]) else lambda marked: marked
        return mark

    @staticmethod
    def skip(*args, **words):
        return leave_out(args[0]) if len(args) == 1 and callable(args[0]) else leave_out

    @staticmethod
    def parametrize(names, values, **words):
        names = [name.strip() for name in names.split(",")] if type(names) is str else list(names)

        def mark(function):
            cases = [dict(zip(names, value if len(names) > 1 or type(value) is Values else [value])) for value in values]
            function.cases = [{**one, **other} for one in cases for other in getattr(function, "cases", [{}])]
            return function
        return mark


class Raises:
    """As a context, or with what is to be called."""

    def __new__(cls, kind, *call, match=None, **words):
        self = object.__new__(cls)
        self.kind, self.match, self.value, self.type = kind, match, None, None
        if not call:
            return self
        with self:
            call[0](*call[1:], **words)
        return self

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            raise AssertionError(f"did not raise {self.kind}")
        if not issubclass(kind, self.kind):
            return False
        self.type, self.value = kind, value
        if self.match is not None and not __import__("re").search(self.match, str(value)):
            raise AssertionError(f"{str(value)!r} does not match {self.match!r}")
        return True


class Approx:
    """A number, or numbers in a list, a tuple or a dictionary, within a millionth."""

    def __init__(self, value, rel=None, abs=None, nan_ok=False):
        self.value, self.nan_ok = value, nan_ok
        self.bounds = 1e-6 if rel is None and abs is None else rel or 0, 1e-12 if abs is None else abs

    def __eq__(self, other):
        return self.near(self.value, other)

    def __repr__(self):
        return f"approx({self.value!r})"

    def near(self, wanted, given):
        if type(wanted) in (list, tuple):
            return type(given) in (list, tuple) and len(wanted) == len(given) and all(map(self.near, wanted, given))
        if type(wanted) is dict:
            return type(given) is dict and wanted.keys() == given.keys() and all(self.near(value, given[key]) for key, value in wanted.items())
        if not all(type(value) in (int, float, complex, bool) for value in (wanted, given)):
            return wanted == given
        if wanted != wanted:
            return self.nan_ok and given != given
        return wanted == given or abs(wanted - given) <= max(self.bounds[0] * abs(wanted), self.bounds[1]) < float("inf")
