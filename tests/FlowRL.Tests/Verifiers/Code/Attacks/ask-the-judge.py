# Asks the judge for its names through a callback.
# script: failed error
def f(x):
    return getattr(x, "__globals__", "")
