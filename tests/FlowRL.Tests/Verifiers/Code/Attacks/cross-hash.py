# Answers with keys that all have the same place in a table.
# call: failed error timeout
# script: failed error timeout
def f(x):
    return {i * ((1 << 61) - 1) << 20: i for i in range(1, 20000)}
