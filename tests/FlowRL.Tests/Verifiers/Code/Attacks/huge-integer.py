# Computes with an integer that fills the memory.
# whole: memory timeout
# call: memory timeout
x = 7
while True:
    x = x ** 7
