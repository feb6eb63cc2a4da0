# Fills files that have no name, in its own folder and in that of its input.
# whole: error failed
# call: error failed
import os
files = []
for folder in ("/tmp", "/run"):
    try:
        while True:
            files.append(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
            for _ in range(3):
                os.write(files[-1], b"x" * (1 << 20))
    except OSError as full:
        last = full
raise last
