# Follows links out of its folder.
# whole: error
# call: error
import os
os.symlink("@HOST_FILE@", "/tmp/link")
s = open("/tmp/link").read().strip()
print(s)
def f(x):
    return s
