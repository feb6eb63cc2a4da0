# Takes the way through /proc to the host's root.
# whole: error
# call: error
s = ""
for place in ("/proc/1/root", "/proc/self/root/..", "/proc/@HOST_PID@/root"):
    s = s or open(place + "@HOST_FILE@").read().strip()
print(s)
def f(x):
    return s
