# Takes memory that is shared with a child which has not touched it, so that no process seems to use it.
# whole: memory timeout error
# call: memory timeout error
import mmap, os, time
while True:
    m = mmap.mmap(-1, 60 << 20)
    for at in range(0, 60 << 20, 4096):
        m[at] = 1
    if os.fork() == 0:
        time.sleep(1000)
    m.close()
