# Makes empty files without end.
# whole: memory timeout error
# call: memory timeout error
import os
open("/tmp/one", "w").close()
for child in range(3):
    if os.fork() == 0:
        break
n = os.getpid() * 10 ** 9
while True:
    n += 1
    os.close(os.open(f"/tmp/{n}", os.O_CREAT | os.O_WRONLY))
