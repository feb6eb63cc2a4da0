# Hangs long attributes on a file without end.
# whole: memory timeout error
# call: memory timeout error
import os
open("/tmp/one", "w").close()
for n in range(10 ** 9):
    os.setxattr("/tmp/one", f"user.{n}", b"x" * 60000)
