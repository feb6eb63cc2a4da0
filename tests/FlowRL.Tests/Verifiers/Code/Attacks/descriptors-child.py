# Has a child of its own use what may have been left open.
# whole: failed
# call: failed
import subprocess
script = "for n in 3 4 5 6 7 8 9 10 63 64 65 100 200 255 256 257 1000 3000; do cat <&$n; cat /dev/fd/$n@HOST_FILE@; cat /proc/self/fd/$n@HOST_FILE@; done"
s = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, close_fds=False, timeout=5).stdout.strip()
print(s)
def f(x):
    return s
