# Fills the disk with many files, swallowing the refusals.
# whole: timeout memory
# call: timeout memory
n = 0
while True:
    n += 1
    try:
        open(f"/tmp/fill{n}", "wb").write(b"x" * (1 << 20))
    except OSError:
        pass
