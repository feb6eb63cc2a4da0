# Answers with a function for a type.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["type", "eval"]
def f(x):
    return x
