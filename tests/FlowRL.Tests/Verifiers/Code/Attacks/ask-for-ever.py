# Keeps its judge busy: every question is answered in time, and none is the last. Neither uses the processor.
# script: timeout error
# together: timeout
import time


class P:
    pass


def f(x):
    while True:
        time.sleep(0.3)
        if callable(x):
            x()
