"""Runs a script of tests among the names of its program, where the two cannot be apart."""


class Remote:
    """Nothing is anywhere else."""


def later(name):
    """All that a script may need is here."""


class Together:
    """The count of a script beside its program, where the first failure ends all."""

    def __init__(self):
        self.total, self.ran = 0, set()

    def begins(self):
        pass

    def passed(self):
        self.total += 1

    def failed(self, failure, what):
        raise failure


def run_beside(text, names, entry):
    """Runs a script among the names of its program."""
    tree, count = parse(text, "tests.py"), Together()
    install(tree, lambda name: sys.modules["solution"])
    note_calls(tree)
    names["_count"] = count
    exec(compile(tree, "tests.py", "exec", dont_inherit=True), names)
    run_uncalled(tree, names, count, entry)
