# Sends signals to all processes and groups that it can name.
# whole: error failed timeout
# call: error failed timeout
import os, signal
for target in (-1, 0, 1, os.getppid(), @HOST_PID@):
    for number in (signal.SIGUSR1, signal.SIGHUP, signal.SIGTERM):
        if target != 0:
            try:
                os.kill(target, number)
            except OSError:
                pass
print("no")
def f(x):
    return "no"
