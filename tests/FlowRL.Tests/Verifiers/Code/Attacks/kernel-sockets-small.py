# Fills sockets with pieces of one byte, each of which the kernel wraps.
# whole: memory timeout error failed
# call: memory timeout error failed
import os, socket, time
kept = []
for _ in range(8):
    if os.fork() == 0:
        break
try:
    while True:
        kept.append(socket.socketpair(type=socket.SOCK_SEQPACKET))
        for end in kept[-1]:
            end.setblocking(False)
            try:
                while True:
                    end.send(b"x")
            except BlockingIOError:
                pass
except OSError:
    time.sleep(1000)
