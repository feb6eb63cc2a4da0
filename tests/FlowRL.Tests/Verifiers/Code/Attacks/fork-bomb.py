# Forks until the machine is full.
# whole: error timeout memory failed
# call: error timeout memory failed
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
