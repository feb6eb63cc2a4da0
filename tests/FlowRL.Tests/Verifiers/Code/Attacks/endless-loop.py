# Loops, swallowing every exception.
# whole: timeout
# call: timeout
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
