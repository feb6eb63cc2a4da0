# Fills pairs of sockets, whose contents are no process's memory.
# whole: memory timeout error failed
# call: memory timeout error failed
import os, socket, time
kept = []
for _ in range(8):
    if os.fork() == 0:
        break
try:
    while True:
        kept.append(socket.socketpair())
        for end in kept[-1]:
            end.setblocking(False)
            try:
                while True:
                    end.send(b"x" * 200000)
            except BlockingIOError:
                pass
except OSError:
    time.sleep(1000)
