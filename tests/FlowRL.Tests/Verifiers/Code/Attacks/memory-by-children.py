# Takes memory in many processes, each below the limit.
# whole: memory timeout error failed
# call: memory timeout error failed
import os, time
for _ in range(20):
    if os.fork() == 0:
        x = bytearray(b"x") * (60 << 20)
        time.sleep(1000)
time.sleep(1000)
