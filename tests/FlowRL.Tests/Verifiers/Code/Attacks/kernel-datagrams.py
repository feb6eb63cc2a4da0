# Fills local sockets that have a name.
# whole: error
# call: error
import socket
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind("/tmp/here")
