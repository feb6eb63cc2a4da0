# Makes a pair of sockets hold more than it does.
# whole: error
# call: error
import socket
for end in socket.socketpair():
    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
