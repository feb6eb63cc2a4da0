# Calls what has let programs into the kernel, or keeps memory that belongs to no process.
# whole: failed
# call: failed
import ctypes, os
names = ("io_uring_setup", "userfaultfd", "shmget", "msgget", "semget", "memfd_secret", "ptrace", "pidfd_getfd", "process_vm_readv")
numbers = {"x86_64": (425, 323, 29, 68, 64, 447, 101, 438, 310), "aarch64": (425, 282, 194, 186, 190, 447, 117, 438, 270)}[os.uname().machine]
libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(256)
made = []
for name, number, arguments in zip(names, numbers, (
        (4, room), (1,), (0, 1 << 26, 0o1777), (0, 0o1777), (0, 1, 0o1777), (0,), (0, 0, 0, 0), (os.pidfd_open(os.getppid()), 0, 0), (os.getppid(), 0, 0, 0, 0, 0))):
    for numbering in (0, 1 << 30):
        if libc.syscall(number + numbering, *arguments) >= 0:
            made.append(name)
s = "@SECRET@" if made else ""
print(s)
def f(x):
    return s
