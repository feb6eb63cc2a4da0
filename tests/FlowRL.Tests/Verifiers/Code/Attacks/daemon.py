# Leaves a process behind that belongs to nobody.
# whole: failed
# call: failed error timeout
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
def f(x):
    return x
