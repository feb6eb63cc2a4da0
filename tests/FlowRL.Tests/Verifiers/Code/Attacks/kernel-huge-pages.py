# Takes huge pages, which no process is charged for.
# whole: error
# call: error
import mmap
kept = [mmap.mmap(-1, 1 << 21, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000) for _ in range(1000)]
