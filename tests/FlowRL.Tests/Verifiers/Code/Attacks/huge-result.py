# Answers with more than it may say.
# call: failed memory error timeout
def f(x):
    return "x" * (100 << 20)
