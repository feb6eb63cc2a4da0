# Takes memory that is shared and of no file.
# whole: error
# call: error
import mmap
kept = []
while True:
    kept.append(mmap.mmap(-1, 1 << 24))
