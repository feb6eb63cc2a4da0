# Becomes root.
# whole: error
# call: error
import os
os.setuid(0)
print("@SECRET@")
def f(x):
    return "@SECRET@"
