# Ends the loops of the tests before anything is compared.
# call: error
# script: error
def f(x):
    raise StopIteration
