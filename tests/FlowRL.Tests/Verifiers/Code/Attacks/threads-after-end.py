# Prints from a thread, and from a child, after its end.
# whole: failed
import os, threading, time
def late():
    time.sleep(0.2)
    os.write(1, b"@MARK@")
threading.Thread(target=late, daemon=True).start()
if os.fork() == 0:
    late()
    os._exit(0)
os._exit(0)
