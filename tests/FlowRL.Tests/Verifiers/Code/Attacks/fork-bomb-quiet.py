# Forks, and every child sleeps, so that no processor time passes.
# whole: timeout error failed
# call: timeout error failed
import os, time
for _ in range(100000):
    try:
        if os.fork() == 0:
            time.sleep(1000)
    except OSError:
        time.sleep(1000)
