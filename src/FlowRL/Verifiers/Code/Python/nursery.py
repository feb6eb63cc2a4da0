"""Keeps an interpreter ready, and has every program run in a fork of it that has a user, processes, files, a network and limits of its own.

One program at a time has standard input and output, of which the nursery reads nothing meanwhile: once the program and all that it started is no more,
a word that it never saw says where what is meant for the next one begins.
"""
import ctypes
import gc
import resource
import signal

MARK, LONGEST_MARK = b"\1", 64  # it is in no JSON
LIBC = ctypes.CDLL(None, use_errno=True)

# Of sched.h, in this order: users, mounts, processes, networks, queues, host names.
OWN_NAMESPACES = 0x10000000 | 0x00020000 | 0x20000000 | 0x40000000 | 0x08000000 | 0x04000000
NO_SUID_NO_DEVICES = 2 | 4
SET_FLAGS, SET_OWNER, SET_SIGNAL = 4, 8, 10  # fcntl's
DIE_WITH_PARENT, SET_FILTER, DROP_BOUND = 1, 22, 24  # prctl's
CAPABILITIES_VERSION = 0x20080522
UNKNOWN_CAPABILITY = 22  # EINVAL
GIVEN_UP = 77  # the status where there can be no such fork here


def nurse(begin, warm):
    """Serves one program after the other. `begin` runs one in its fork; `warm` names modules that it then finds imported."""
    for name in warm.split():
        __import__(name)
    for name, text in LATER.items():
        LATER[name] = compile(text, f"{name}.py", "exec", dont_inherit=True)
    gc.collect()
    gc.freeze()  # forks then share more pages
    while True:
        mark = next_mark()
        first = os.fork()
        if first == 0:
            fork_inside(mark)
            try:
                begin()
            finally:
                os._exit(1)
        pid, status = os.wait()
        while pid != first:
            pid, status = os.wait()
        if os.waitstatus_to_exitcode(status) == GIVEN_UP:
            os._exit(GIVEN_UP)
        write_bytes(MARK + b"\n")


def next_mark():
    """What begins with a mark; all before it was for a program that is no more."""
    for number in (0, 1):  # whatever the program has set for what it shares with us
        for command in (SET_FLAGS, SET_OWNER, SET_SIGNAL):
            LIBC.fcntl(number, command, 0)
    held = b""
    while MARK not in held or not held.endswith(b"\n"):
        part = os.read(0, 1 << 16)
        if not part:
            os._exit(0)
        held = (held + part)[-LONGEST_MARK:]
    return held[held.rindex(MARK):]


def write_bytes(data):
    while data:
        data = data[os.write(1, data):]


def check(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), what)


def put(path, text):
    file = os.open(path, os.O_WRONLY)
    os.write(file, text)
    os.close(file)


def mount(folder, size):
    check(LIBC.mount(b"tmpfs", folder, b"tmpfs", NO_SUID_NO_DEVICES, b"mode=0755,size=%d" % size), "mount")


def fork_inside(mark):
    """Returns in a program's own process, the second of its own namespaces, of which the first and one outside wait for its end."""
    try:
        user, group = os.getuid(), os.getgid()
        check(LIBC.unshare(OWN_NAMESPACES), "unshare")
        put(f"{sys.argv[2]}/self/setgroups", b"deny")
        put(f"{sys.argv[2]}/self/uid_map", b"%d %d 1" % (user, user))
        put(f"{sys.argv[2]}/self/gid_map", b"%d %d 1" % (group, group))
        fork_and_wait()
        os.setsid()  # whoever signals its group signals its own
        check(LIBC.prctl(DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0), "prctl")
        processes = resource.getrlimit(resource.RLIMIT_NPROC)[0] - 1  # the nursery counts where it made these namespaces, not in them
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
        mount(b"/tmp", int(sys.argv[3]))  # above the nursery's, in which the list of processes lies
        os.chdir("/tmp")
        fork_and_wait()
        write_bytes(mark)
    except BaseException:
        os._exit(GIVEN_UP)


def fork_and_wait():
    """Returns in a child. This process buries what comes to it, and ends when the child does."""
    child = os.fork()
    if child == 0:
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which the first of its namespace never gets then
    drop_rights()
    while True:
        ended, status = os.wait()
        if ended == child:
            os._exit(GIVEN_UP if os.waitstatus_to_exitcode(status) == GIVEN_UP else 0)


def drop_rights():
    for capability in range(64):
        if LIBC.prctl(DROP_BOUND, capability, 0, 0, 0) < 0 and ctypes.get_errno() == UNKNOWN_CAPABILITY:
            break
    check(LIBC.capset((ctypes.c_uint32 * 2)(CAPABILITIES_VERSION, 0), (ctypes.c_uint32 * 6)()), "capset")


class Filter(ctypes.Structure):
    _fields_ = ("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)


def settle(job):
    """The last that happens before a program comes: its folder for what it reads and prints, and then no right is left."""
    if "scratch" in job:
        mount(job["folder"].encode(), job["scratch"])
    drop_rights()
    words = bytes.fromhex(sys.argv[4])
    lines = ctypes.create_string_buffer(words, len(words))
    check(LIBC.prctl(SET_FILTER, 2, ctypes.byref(Filter(len(words) // 8, ctypes.addressof(lines))), 0, 0), "seccomp")
