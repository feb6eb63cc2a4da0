# Writes to every file that may have been left open for it.
# whole: failed error
# call: failed error
import os
for number in range(5, 4096):
    for write in (lambda: os.pwrite(number, b"mine", 0), lambda: os.ftruncate(number, 0)):
        try:
            write()
        except OSError:
            pass
print("no")
def f(x):
    return "no"
