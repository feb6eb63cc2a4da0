# Prints bytes that are no text.
# whole: failed
import sys
sys.stdout.buffer.write(bytes(range(256)) * 100)
