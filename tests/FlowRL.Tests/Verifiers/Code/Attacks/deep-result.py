# Answers with a list in a list in a list.
# call: failed error
def f(x):
    y = []
    for _ in range(100000):
        y = [y]
    return y
