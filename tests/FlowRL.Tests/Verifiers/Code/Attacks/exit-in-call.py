# Ends as if all were well in the middle of a call.
# call: error
# script: error
import os
def f(x):
    os._exit(0)
