# Keeps sockets in sockets, so that no table of open files holds them.
# whole: memory timeout error failed
# call: memory timeout error failed
import array, socket, time
kept = []
try:
    while True:
        carrier = socket.socketpair()
        for _ in range(20):
            one, other = socket.socketpair()
            one.setblocking(False)
            try:
                while True:
                    one.send(b"x" * 200000)
            except BlockingIOError:
                pass
            carrier[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [one.fileno(), other.fileno()]))])
            one.close()
            other.close()
        kept.append(carrier)
except OSError:
    time.sleep(1000)
