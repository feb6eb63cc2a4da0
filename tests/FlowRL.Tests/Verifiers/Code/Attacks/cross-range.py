# Answers with more numbers than there is room for.
# call: failed error timeout
# script: failed error timeout
import sys
sys.modules["__main__"].Peer._encode = lambda self, value: ["tuple", ["range", 0, 1 << 62, 1]]
def f(x):
    return x
