# Answers with a number that takes for ever to write out.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["Fraction", "1e999999999", 1]
def f(x):
    return x
