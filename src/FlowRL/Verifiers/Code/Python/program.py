"""Runs a program in its sandbox and does with it what the judge asks. Whatever the program does to this process, all that leaves it is data."""
import atexit


def load(job, peer):
    """The program's names; None, with the reason told, where it does not even load."""
    text, names = job["program"], new_module("solution")
    if job["usual"]:
        supply(text)
    try:
        exec(compile(text, "program.py", "exec", dont_inherit=True), names)
        return names
    except BaseException as failure:
        peer.tell("broken", type(failure).__name__, place(failure))
        return None


def supply(text):
    """Gives meaning to names of a program that have none, below its own, so that nothing else about it changes."""
    for name in free_names(text):
        if not hasattr(builtins, name):
            later("usual")
            if (value := usual(name, text)) is not NOTHING:
                setattr(builtins, name, value)


def free_names(text):
    """Names that a program uses and gives no meaning anywhere."""
    import _symtable as kind
    try:
        tables = [kind.symtable(text, "program.py", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()  # it will be said where the program is compiled
    used, made = set(), {name for name, flags in tables[0].symbols.items() if flags & kind.DEF_BOUND}
    while tables:
        table = tables.pop()
        tables.extend(table.children)
        for name, flags in table.symbols.items():
            if flags >> kind.SCOPE_OFF & kind.SCOPE_MASK in (kind.GLOBAL_IMPLICIT, kind.GLOBAL_EXPLICIT):
                (made if flags & kind.DEF_BOUND else used).add(name)
    return used - made


def new_module(name):
    """The names of a module that is empty and known by its name, which dataclasses, pickle and typing look up."""
    module = type(sys)(name)
    sys.modules[name] = module
    return module.__dict__


def place(failure):
    """The words of an exception and the program's line that it came from."""
    words, line, trace = _words(failure), getattr(failure, "lineno", None), failure.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "program.py":
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{words} (line {line})" if line and "line" not in words else words


def answer_calls(job, source, target):
    names = {}
    services = {"name": names.__getitem__, "function": lambda name: find(names, name), "invoke": lambda name, arguments: invoke(find(names, name), arguments)}
    peer = Peer(source, target, set(OPERATIONS) | set(OWN) | set(PAIRED), services)
    loaded = load(job, peer)
    if loaded is None:
        return
    names.update(loaded)
    peer.tell("ready")
    peer.serve()


def run_script(job, source, target):
    """Program and script in one process: the script's end is proved with a word that arrives only after the program has loaded."""
    peer = Peer(source, target, ())
    tell, receive, run, find_entry, give = peer.tell, peer.receive, exec, find, supply
    tools = compile(job["tools"], "tools.py", "exec", dont_inherit=True)
    names = load(job, peer)
    if names is None:
        return
    tell("ready")
    own, loaded, script = {}, dict(names), receive()["script"]
    run(tools, own)
    try:
        give(script)
        own["run_beside"](script, names, lambda: find_entry(loaded, job["entry"]))
    except BaseException as failure:
        tell("failed", type(failure).__name__, place(failure))
        return
    tell("done")
    tell("proof", receive()["proof"])


def run_whole(job, source, target):
    """The program as a process of its own for every input."""
    peer = Peer(source, target, ())
    try:
        code = compile(job["program"], "program.py", "exec", dont_inherit=True)
    except BaseException as failure:
        peer.tell("broken", type(failure).__name__, place(failure))
        return
    peer.tell("ready")
    while True:
        peer.tell(*once(code, peer.receive()["input"], job))


def nameless(folder):
    name = f"{folder}/{os.urandom(12).hex()}"
    file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink(name)
    return file


def once(code, text, job):
    given, said, complaint = (nameless(job["folder"]) for _ in range(3))
    most = job["output_bytes"]
    data = memoryview(text.encode("utf-8", "surrogatepass"))
    while data:
        data = data[os.write(given, data):]
    os.lseek(given, 0, os.SEEK_SET)
    child = os.fork()
    if child == 0:
        for number, file in enumerate((given, said, complaint)):
            os.dup2(file, number)
        os.closerange(3, 64)  # a handful, each the lowest number that was free
        run_child(code, job)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.lseek(said, 0, os.SEEK_SET)
    size = os.fstat(said).st_size
    output = b""
    while len(output) < min(size, most) and (part := os.read(said, min(size, most) - len(output))):
        output += part
    os.lseek(complaint, max(0, os.fstat(complaint).st_size - 500), os.SEEK_SET)
    words = os.read(complaint, 500).decode("utf-8", "replace").strip().rpartition("\n")[2]
    for file in (given, said, complaint):
        os.close(file)
    return "output", status, output.decode("utf-8", "replace"), size > most, words


def run_child(code, job):
    status = 0
    try:
        # Under both of their names, since the file of one that is replaced is closed with the last of them.
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8")
        sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8")
        sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", errors="replace")
        if job["usual"]:
            supply(job["program"])
        exec(code, new_module("__main__"))
    except SystemExit as leaving:
        status = leaving.code if type(leaving.code) is int else 0 if leaving.code is None else 1
    except BaseException as failure:
        status = 1
        sys.__stderr__.write(f"{type(failure).__name__}: {place(failure)}\n")
    os._exit(leave(status) & 255)


def leave(status):
    """What an interpreter does at its end: it waits for threads, calls what is to be called then, and writes what is left to write."""
    try:
        if "threading" in sys.modules:
            sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        for file in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            if file is not None and not getattr(file, "closed", False):
                file.flush()
    except BaseException:
        return status or 1
    return status


def start():
    source, target = private_channels()
    job = read_json(source.readline().decode())
    settle(job)
    sys.argv = ["program.py"]
    builtins.exit = builtins.quit = sys.exit  # which the package site would give
    Peer(source, target, ()).tell("started")
    {"calls": answer_calls, "script": run_script, "whole": run_whole}[job["mode"]](job, source, target)
    os._exit(0)
