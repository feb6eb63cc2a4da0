# Connects to a server of the host.
# whole: error
# call: error
import socket
c = socket.create_connection(("127.0.0.1", @PORT@), timeout=2)
s = c.recv(100).decode().strip()
print(s)
def f(x):
    return s
