# Kills the processes around it.
# whole: error failed timeout
# call: error failed timeout
import os, signal
for pid in (os.getppid(), 1, 2, 3):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass
