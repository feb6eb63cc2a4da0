# Holds up whoever compares.
# call: timeout
# script: timeout
def f(x):
    while True:
        pass
