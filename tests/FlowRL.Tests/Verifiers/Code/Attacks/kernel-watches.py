# Asks for what the kernel keeps lists of: watches of files, rules, events to come, messages, timers.
# whole: failed
# call: failed
import ctypes, os
libc = ctypes.CDLL(None)
room = ctypes.create_string_buffer(256)
numbers = {"x86_64": (253, 294, 300, 444, 206, 319, 240, 68), "aarch64": (26, 26, 262, 444, 0, 279, 180, 186)}[os.uname().machine]
made = 0
for number, arguments in zip(numbers, ((0,), (0,), (0, 0), (room, 8, 0), (8, room), (b"x", 0), (b"/x", 0o102, 0o600, None), (0, 0o1777))):
    made += libc.syscall(number, *arguments) >= 0
timers = 0
timer = ctypes.c_void_p()
try:
    create = ctypes.CDLL(None).timer_create
    while timers < 1000 and create(1, None, ctypes.byref(timer)) == 0:
        timers += 1
except AttributeError:
    pass
s = "@SECRET@" if made or timers >= 1000 else ""
print(s)
def f(x):
    return s
