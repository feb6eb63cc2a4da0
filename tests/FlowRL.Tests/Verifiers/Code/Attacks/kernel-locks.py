# Locks every other byte of a file, for which the kernel keeps a record each.
# whole: error
# call: error
import fcntl
file = open("/tmp/one", "w")
for at in range(10 ** 9, 0, -2):
    fcntl.lockf(file, fcntl.LOCK_EX, 1, at)
