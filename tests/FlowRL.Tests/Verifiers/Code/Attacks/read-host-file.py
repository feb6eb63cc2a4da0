# Reads a file of the host.
# whole: error
# call: error
s = open("@HOST_FILE@").read().strip()
print(s)
def f(x):
    return s
