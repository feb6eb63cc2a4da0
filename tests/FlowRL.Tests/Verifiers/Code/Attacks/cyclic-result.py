# Answers with a list that holds itself.
# call: failed error
def f(x):
    y = []
    y.append(y)
    return y
