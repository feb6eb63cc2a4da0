# Answers with kinds of values that there are not.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["pickle", "Y29zCnN5c3RlbQ=="]
def f(x):
    return x
