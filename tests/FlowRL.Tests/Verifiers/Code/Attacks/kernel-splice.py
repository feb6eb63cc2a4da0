# Gives its memory to a pipe and forgets it.
# whole: failed
# call: failed
import ctypes, os
libc = ctypes.CDLL(None)
one, other = os.pipe()
page = ctypes.create_string_buffer(b"x" * 4096)
part = (ctypes.c_void_p * 2)(ctypes.addressof(page), 4096)
s = "@SECRET@" if libc.vmsplice(other, part, 1, 0) >= 0 else ""
print(s)
def f(x):
    return s
