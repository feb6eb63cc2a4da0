# Takes memory through files that have no name.
# whole: memory timeout error failed
# call: memory timeout error failed
import os
files = []
while True:
    f = os.memfd_create("x")
    files.append(f)
    try:
        for _ in range(16):
            os.write(f, b"x" * (1 << 20))
    except OSError:
        pass
