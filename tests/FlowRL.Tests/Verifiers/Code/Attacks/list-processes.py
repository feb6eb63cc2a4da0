# Looks for the host's processes.
# whole: failed error
# call: failed error
import os
s = "@SECRET@"[:0]
try:
    os.kill(@HOST_PID@, 0)
    s = "@SECRET@"
except OSError:
    pass
print(s)
def f(x):
    return s
