# Reads the host's environment.
# whole: error
# call: error
import os
s = os.environ["@VARIABLE@"]
print(s)
def f(x):
    return s
