# Takes memory bit by bit and swallows the refusal.
# whole: timeout memory
# call: timeout memory
x = []
while True:
    try:
        x.append(bytearray(10 ** 6))
    except MemoryError:
        pass
