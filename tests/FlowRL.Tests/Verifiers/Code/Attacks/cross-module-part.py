# Answers with a part of a module.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["module", "os.path"]
def f(x):
    return x
