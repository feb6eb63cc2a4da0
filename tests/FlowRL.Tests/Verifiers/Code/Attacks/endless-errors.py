# Complains without end.
# whole: error timeout failed
# call: timeout
import sys
while True:
    sys.stderr.write("x" * 10000)
