# Recurses without end, with the limit taken away.
# whole: error memory timeout
# call: error memory timeout
import sys
sys.setrecursionlimit(10 ** 9)
def g(x):
    return g(x + 1) + 1
g(0)
