# Makes pipes hold more than they do.
# whole: error
# call: error
import fcntl, os
one, other = os.pipe()
fcntl.fcntl(other, 1031, 1 << 20)
