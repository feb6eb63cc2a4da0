# Prints without end.
# whole: failed error timeout
# call: timeout
while True:
    print("x" * 10000)
