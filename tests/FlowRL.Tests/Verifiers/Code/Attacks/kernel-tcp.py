# Fills connections to itself.
# whole: error
# call: error
import socket
server = socket.create_server(("127.0.0.1", 0))
kept = []
while True:
    kept.append(socket.create_connection(server.getsockname()))
    kept[-1].setblocking(False)
    try:
        while True:
            kept[-1].send(b"x" * 1000000)
    except BlockingIOError:
        pass
