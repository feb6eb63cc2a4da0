# Starts threads without end.
# whole: timeout error memory failed
# call: timeout error memory failed
import _thread, time
while True:
    try:
        _thread.start_new_thread(time.sleep, (1000,))
    except Exception:
        time.sleep(0.01)
