# Answers with a type that is none of the plain ones.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["type", "__loader__"]
def f(x):
    return x
