# Types into the terminal of whoever started it.
# whole: error failed
# call: error failed
import fcntl, os, termios
for path in ("/dev/tty", "/dev/console", "/dev/pts/0"):
    try:
        fcntl.ioctl(os.open(path, os.O_RDWR), termios.TIOCSTI, b"x")
        print("@SECRET@")
    except OSError as failure:
        last = failure
raise last
