# Sleeps.
# whole: timeout
# call: timeout
import time
time.sleep(10 ** 6)
