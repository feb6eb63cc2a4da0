# Takes all memory at once.
# whole: memory
# call: memory
x = bytearray(10 ** 11)
