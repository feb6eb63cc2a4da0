# Makes sockets that lead past a network of one's own, such as to the host of a virtual machine.
# whole: failed
# call: failed
import socket
s = ""
for family in range(3, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            if family != socket.AF_INET6 and socket.socket(family, kind):
                s = "@SECRET@"
        except OSError:
            pass
print(s)
def f(x):
    return s
