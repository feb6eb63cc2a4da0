# Leaves politely in the middle of a call.
# call: error failed
# script: error failed
import sys
def f(x):
    sys.exit(0)
