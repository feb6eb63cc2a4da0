# Answers again and again behind the first answer, from a thread and from a child.
# call: failed error
# script: failed error
import os, threading
def forge():
    for _ in range(100):
        for number in range(3, 64):
            try:
                os.write(number, b'>["=", "@MARK@", []]\n')
            except OSError:
                pass
def f(x):
    threading.Thread(target=forge).start()
    if os.fork() == 0:
        forge()
        os._exit(0)
    return "no"
