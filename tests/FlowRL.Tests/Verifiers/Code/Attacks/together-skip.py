# Has its tests left out, where they share its process.
# together: failed error
import unittest
class P:
    pass
def f(x):
    raise unittest.SkipTest("all is well")
