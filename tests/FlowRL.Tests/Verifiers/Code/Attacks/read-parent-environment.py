# Reads the environment of other processes.
# whole: error
# call: error
import os
s = ""
for pid in [1, os.getppid(), @HOST_PID@]:
    for part in open(f"/proc/{pid}/environ").read().split("\0"):
        if part.startswith("@VARIABLE@="):
            s = part.partition("=")[2]
print(s)
def f(x):
    return s
