# Takes memory that is shared, of a file that has no end.
# whole: error
# call: error
import mmap, os
m = mmap.mmap(os.open("/dev/zero", os.O_RDWR), 1 << 24)
