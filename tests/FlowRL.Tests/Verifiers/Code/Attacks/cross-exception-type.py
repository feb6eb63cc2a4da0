# Raises an exception whose type is a function, a module, a text.
# call: error failed
# script: error failed
import sys
kinds = iter(["eval", "__loader__", "NotApart", "Stop", 7, None, "BaseException", "GeneratorExit", "KeyboardInterrupt"] * 9)
sys.modules["__main__"]._builtin_kind = lambda failure: next(kinds)
def f(x):
    raise ValueError("no")
