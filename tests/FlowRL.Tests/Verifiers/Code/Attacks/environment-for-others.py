# Sets variables for whatever is started after it.
# whole: failed
# call: failed
import os
os.environ["PYTHONSTARTUP"] = "/tmp/x.py"
os.environ["LD_PRELOAD"] = "/tmp/x.so"
os.environ["BASH_ENV"] = "/tmp/x.sh"
os.putenv("PATH", "/tmp")
print("no")
def f(x):
    return "no"
