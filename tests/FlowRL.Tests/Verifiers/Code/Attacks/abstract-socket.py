# Connects to a socket of the host that has no file.
# whole: error
# call: error
import socket
c = socket.socket(socket.AF_UNIX)
c.connect("\0@MARK@")
s = c.recv(100).decode().strip()
print(s)
def f(x):
    return s
