# Opens the host's files from every folder that may have been left open for it.
# whole: failed
# call: failed
import os
s = ""
for number in range(3, 4096):
    for path in ("@HOST_FILE@"[1:], "usr/../" + "@HOST_FILE@"[1:], "../../../.." + "@HOST_FILE@"):
        try:
            s = s or os.read(os.open(path, os.O_RDONLY, dir_fd=number), 1000).decode().strip()
        except OSError:
            pass
print(s)
def f(x):
    return s
