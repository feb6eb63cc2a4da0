# Connects to a server elsewhere.
# whole: error
# call: error
import socket
socket.create_connection(("1.1.1.1", 53), timeout=0.2)
