using System.Collections.Concurrent;
using FlowRL.Sandbox;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Programs that share a sandbox one after the other, or run beside each other, know nothing of each other.</summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class NurseryTests : IDisposable
{
    private static readonly CodeOptions Options = new()
    {
        TimeLimit = 2,
        Sandbox = new SandboxOptions { MemoryMb = 512, DiskMb = 4, Processes = 16 },
    };

    // All that a program could find of another, and what it is left of each limit.
    private const string Look = """
        import builtins, errno, os, resource, signal, stat, sys, threading

        def tree(folder):
            return sorted(os.path.join(path, name) for path, folders, files in os.walk(folder) for name in folders + files)

        def processes():
            return [number for number in range(3, 4000) if exists(number)]  # the first and the program itself are before these

        def exists(number):
            try:
                os.kill(number, 0)
                return True
            except ProcessLookupError:
                return False
            except PermissionError:
                return True

        def children():
            held = []
            try:
                while len(held) < 64:
                    read, write = os.pipe()
                    child = os.fork()
                    if child == 0:
                        os.close(write)
                        os.read(read, 1)
                        os._exit(0)
                    os.close(read)
                    held.append((child, write))
            except OSError:
                pass
            for child, write in held:
                os.close(write)
            for child, write in held:
                os.waitpid(child, 0)
            return len(held)

        def disk():
            written = 0
            file = os.open("/tmp/full", os.O_WRONLY | os.O_CREAT)
            try:
                while True:
                    written += os.write(file, bytes(1 << 16))
            except OSError as full:
                os.close(file)
                os.unlink("/tmp/full")
                return written

        def memory():
            sizes = [size for size in (8, 200) if can_take(size << 20)]
            return sizes[-1:]

        def can_take(size):
            try:
                return len(bytearray(size)) == size
            except MemoryError:
                return False

        def look():
            mask = os.umask(0o22)
            os.umask(mask)
            return repr([
                tree("/tmp"), tree("/run"), tree("/proc"), sorted(os.environ.items()), os.getcwd(), oct(mask), processes(),
                [resource.getrlimit(getattr(resource, name)) for name in sorted(dir(resource)) if name.startswith("RLIMIT_") and name != "RLIMIT_NPROC"],
                sorted((number.name, str(signal.getsignal(number))) for number in signal.valid_signals() if isinstance(number, signal.Signals)),
                sorted(map(str, signal.pthread_sigmask(signal.SIG_BLOCK, ()))), os.getpriority(os.PRIO_PROCESS, 0), sorted(os.sched_getaffinity(0)),
                [name for name in dir(builtins) if "trace" in name], [name for name in sys.modules if "trace_of" in name], sys.getrecursionlimit(),
                threading.active_count(), [number for number in range(256) if open_file(number)], os.uname().nodename, len(TRACES), children(), disk(), memory(),
            ])

        def open_file(number):
            try:
                return os.fstat(number) is not None
            except OSError:
                return False

        TRACES = [value for value in __import__("gc").get_objects() if type(value) is dict and "trace_of_another" in value]

        """;

    // What a program sees that has a sandbox of its own.
    private static readonly Lazy<string> Alone = new(() =>
    {
        using var verifier = new PythonVerifier(Options, new CountingSandbox(Options.Sandbox) { HasNurseries = false });
        return Seen(verifier);
    });

    private readonly CountingSandbox _sandbox = new(Options.Sandbox);
    private readonly PythonVerifier _verifier;

    public NurseryTests() => _verifier = new PythonVerifier(Options, _sandbox);

    public void Dispose() => _verifier.Dispose();

    /// <summary>Each does to its sandbox whatever it can, and answers as if nothing were.</summary>
    [Theory]
    [InlineData("files", "open('/tmp/trace', 'w').write('x')\nos.makedirs('/tmp/a/b')\nos.symlink('/tmp/trace', '/tmp/link')")]
    [InlineData("a full disk", "f = open('/tmp/full', 'wb')\ntry:\n    while True: f.write(bytes(65536))\nexcept OSError: pass")]
    [InlineData("processes", "for n in range(5):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(1000)\n        os._exit(0)")]
    [InlineData("a daemon",
        "if os.fork() == 0:\n    if os.fork() == 0:\n        while True:\n            try: os.read(3, 1 << 16)\n            except OSError: time.sleep(0.01)\n    os._exit(0)\nos.wait()")]
    [InlineData("the environment", "os.environ['TRACE'] = 'x'\nos.environ.pop('HOME')\nctypes.CDLL(None).setenv(b'TRACE', b'x', 1)")]
    [InlineData("limits",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))")]
    [InlineData("memory",
        "import builtins\nbuiltins.trace = {'trace_of_another': bytearray(40 << 20)}\nsys.modules['trace_of'] = builtins\nsys.setrecursionlimit(77)")]
    [InlineData("signals",
        "for number in (1, 2, 3, 13, 14, 15):\n    signal.signal(number, signal.SIG_IGN)\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())")]
    [InlineData("timers", "signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\nsignal.signal(signal.SIGALRM, lambda *a: None)")]
    [InlineData("the folder", "os.makedirs('/tmp/x')\nos.chdir('/tmp/x')\nos.umask(0)")]
    [InlineData("priority", "os.nice(10)\nos.sched_setaffinity(0, {0})")]
    [InlineData("signals around", "signal.signal(15, signal.SIG_IGN)\nos.kill(0, 15)")]
    [InlineData("the conversation's flags",
        "import fcntl\nfor n in (3, 4):\n    fcntl.fcntl(n, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)\n    fcntl.fcntl(n, 8, os.getpid())\n    fcntl.flock(n, fcntl.LOCK_EX)")]
    [InlineData("threads", "for n in range(5):\n    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()")]
    [InlineData("sockets",
        "import socket\nglobal kept\nkept = [socket.socketpair() for _ in range(20)]\nfor one, other in kept:\n    one.setblocking(False)\n    one.send(bytes(100000))")]
    [InlineData("a later answer", "def late():\n    while True: os.write(4, b'\\x01\\n')\nthreading.Timer(0.002, late).start()")]
    public void A_program_finds_nothing_of_the_one_before_it(string what, string traces)
    {
        var program = $"import ctypes, os, resource, signal, sys, threading, time\ndef f():\n{Indent(traces)}\n    return 1\n";

        var left = Verify(program, new CodeTest.Arguments("f", [], 1));
        var then = Seen(_verifier);
        var whole = Verify($"{program}\nprint(f())", new CodeTest.Whole("", "1"));

        Assert.Equal((CodeOutcome.Passed, ""), (left.Outcome, left.Reason));
        Assert.True(whole.Outcome is CodeOutcome.Passed or CodeOutcome.Error or CodeOutcome.Timeout, $"{what}: {whole.Reason}");
        Assert.Equal(Alone.Value, then);
        Assert.Equal(Alone.Value, Seen(_verifier));
        Assert.Equal(0, _sandbox.Starts);
    }

    [Fact]
    public void Programs_beside_each_other_find_nothing_of_each_other()
    {
        var seen = new ConcurrentBag<string>();

        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            if (n % 2 == 0) seen.Add(Seen(_verifier));
            else
                Assert.Equal(CodeOutcome.Passed, Verify(
                    "import os, time\ndef f():\n    open('/tmp/trace', 'w').write('x')\n    os.environ['TRACE'] = 'x'\n    os.fork() or time.sleep(9)\n    time.sleep(0.1)\n    return 1\n",
                    new CodeTest.Arguments("f", [], 1)).Outcome);
        });

        Assert.Equal(Enumerable.Repeat(Alone.Value, 6), seen);
    }

    [Fact]
    public void One_nursery_serves_program_after_program()
    {
        for (var n = 0; n < 5; n++) Assert.True(Verify($"def f():\n    return {n}", new CodeTest.Arguments("f", [], n)).IsCorrect);

        Assert.Equal((1, 0), (_sandbox.Nurseries, _sandbox.Starts));
    }

    /// <summary>Whoever passed a limit leaves nothing that is used again.</summary>
    [Theory]
    [InlineData("def f():\n    while True: pass", CodeOutcome.Timeout)]
    [InlineData("def f():\n    held = []\n    while True:\n        try: held.append(bytearray(1 << 20))\n        except MemoryError: import os; os.fork()", CodeOutcome.Memory, CodeOutcome.Error, CodeOutcome.Timeout)]
    public void A_program_over_its_limits_takes_its_nursery_with_it(string program, params CodeOutcome[] outcomes)
    {
        var limited = Verify(program, new CodeTest.Arguments("f", [], 1));
        var next = Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1));

        Assert.Contains(limited.Outcome, outcomes);
        Assert.True(next.IsCorrect, next.Reason);
        Assert.InRange(_sandbox.Nurseries, 1, 2);
        if (limited.Outcome == CodeOutcome.Timeout) Assert.Equal(2, _sandbox.Nurseries);
    }

    [Fact]
    public void Verdicts_are_the_same_however_many_run_at_once()
    {
        (string Program, CodeOutcome Outcome)[] kinds =
        [
            ("def f():\n    return 1", CodeOutcome.Passed), ("def f():\n    return 2", CodeOutcome.Failed), ("def f():\n    return 1 / 0", CodeOutcome.Error),
            ("import os\ndef f():\n    os._exit(0)", CodeOutcome.Error), ("def f():\n    return bytearray(1 << 40)", CodeOutcome.Memory),
        ];

        var outcomes = Enumerable.Range(0, 40).AsParallel().AsOrdered().WithDegreeOfParallelism(8)
            .Select(n => Verify(kinds[n % 5].Program, new CodeTest.Arguments("f", [], 1)).Outcome).ToList();

        Assert.Equal(Enumerable.Range(0, 40).Select(n => kinds[n % 5].Outcome), outcomes);
        Assert.Equal(0, _sandbox.Starts);
    }

    /// <summary>Some systems have no namespaces within namespaces.</summary>
    [Fact]
    public void Without_nurseries_each_program_has_a_sandbox_of_its_own()
    {
        _sandbox.HasNurseries = false;

        Assert.True(Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1)).IsCorrect);
        Assert.True(Verify("print(1)", new CodeTest.Whole("", "1")).IsCorrect);
        Assert.Equal((1, 2), (_sandbox.Nurseries, _sandbox.Starts)); // asked for once
    }

    [Fact]
    public void A_nursery_that_does_not_come_up_is_done_without()
    {
        _sandbox.Spoil = command => [.. command.Select(word => word.Replace("LIBC.unshare(OWN_NAMESPACES)", "-1", StringComparison.Ordinal))];

        Assert.True(Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1)).IsCorrect);
        Assert.True(Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1)).IsCorrect);
        Assert.Equal((1, 2), (_sandbox.Nurseries, _sandbox.Starts));
    }

    /// <summary>A nursery that dies while it waits is replaced.</summary>
    [Fact]
    public void What_is_gone_when_it_is_needed_is_started_again()
    {
        Assert.True(Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1)).IsCorrect);
        _sandbox.Last!.Dispose();

        Assert.True(Verify("def f():\n    return 1", new CodeTest.Arguments("f", [], 1)).IsCorrect);
        Assert.Equal((2, 0), (_sandbox.Nurseries, _sandbox.Starts));
    }

    private static string Seen(PythonVerifier verifier)
    {
        var verdict = verifier.Verify(Look, new CodeTests([new CodeTest.Observe(["look()"])]), TestContext.Current.CancellationToken);
        var seen = verdict.Observed ?? verdict.Reason;
        Assert.StartsWith("\"[[], [], ", seen, StringComparison.Ordinal);
        return seen;
    }

    private CodeVerdict Verify(string program, CodeTest test) => _verifier.Verify(program, new CodeTests([test]), TestContext.Current.CancellationToken);

    private static string Indent(string lines) => string.Join('\n', lines.Split('\n').Select(line => $"    {line}"));

    /// <summary>Says how many sandboxes there were.</summary>
    private sealed class CountingSandbox(SandboxOptions options) : ISandbox
    {
        private readonly Bubblewrap _inner = new(options);
        private int _nurseries, _starts;

        public int Nurseries => _nurseries;

        public int Starts => _starts;

        public bool HasNurseries { get; set; } = true;

        public Func<IReadOnlyList<string>, IReadOnlyList<string>> Spoil { get; set; } = command => command;

        public Nursery? Last { get; private set; }

        public string? Obstacle => null;

        public string Scratch => _inner.Scratch;

        public SandboxedProcess Start(IReadOnlyList<string> command, SandboxNeeds needs)
        {
            Interlocked.Increment(ref _starts);
            return _inner.Start(command, needs);
        }

        public Nursery? StartNursery(IReadOnlyList<string> command, SandboxNeeds needs)
        {
            Interlocked.Increment(ref _nurseries);
            return HasNurseries ? Last = _inner.StartNursery(Spoil(command), needs) : null;
        }
    }
}
