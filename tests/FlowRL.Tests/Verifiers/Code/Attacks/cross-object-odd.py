# Answers with an object whose number is none.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["mine", ["list"]]
def f(x):
    return x
