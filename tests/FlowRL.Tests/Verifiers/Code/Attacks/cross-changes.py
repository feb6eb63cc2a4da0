# Says that arguments changed which its judge never gave.
# call: failed error
# script: failed error
import sys
sys.modules["__main__"].Peer._changes = lambda self, before, args: [[-1, ["list"]], [10 ** 9, ["list"]], ["0", ["list"]], [0.0, []]]
def f(x):
    return "no"
