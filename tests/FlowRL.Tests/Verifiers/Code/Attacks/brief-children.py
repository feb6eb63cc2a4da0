# Uses up the processor in children that are gone before anyone counts what they took.
# whole: timeout
# call: timeout
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.01
        while time.process_time() < end:
            pass
        os._exit(0)
    try:
        os.wait() # nobody is left to be counted: it ends with the child, and finds none
    except ChildProcessError:
        pass
