# Leaves files for the next program.
# whole: failed
# call: failed
import os
s = open("/tmp/left").read() if os.path.exists("/tmp/left") else "no"
open("/tmp/left", "w").write("@SECRET@")
print(s)
def f(x):
    return s
