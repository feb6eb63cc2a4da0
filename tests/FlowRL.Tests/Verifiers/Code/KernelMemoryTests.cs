using FlowRL.Sandbox;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>
/// Memory that the kernel keeps for a program and counts as no process's, on a machine whose user may make no control groups: it is bounded all the
/// same, and within a second or so, not by the program's time.
/// </summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class KernelMemoryTests
{
    private static readonly CodeOptions Options = new() { TimeLimit = 20, Sandbox = new SandboxOptions { MemoryMb = 64, DiskMb = 4, Processes = 16 } };

    [Theory]
    [InlineData("kernel-files")]
    [InlineData("kernel-folders")]
    [InlineData("kernel-links")]
    [InlineData("kernel-sockets")]
    [InlineData("kernel-sockets-small")]
    [InlineData("kernel-flight")]
    public void It_counts_without_control_groups(string attack)
    {
        var program = File.ReadAllText(Path.Combine(Repository.Root, "tests/FlowRL.Tests/Verifiers/Code/Attacks", attack + ".py"));

        var verdict = Verify(program, Ungrouped(Options.Sandbox));

        Assert.Equal((CodeOutcome.Memory, "test 1: over the memory limit"), (verdict.Outcome, verdict.Reason));
    }

    /// <summary>Those who use some are not ended for it.</summary>
    [Theory]
    [InlineData("import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 7\nprint(asyncio.run(f()))")]
    [InlineData("import socket\npairs = [socket.socketpair() for _ in range(20)]\nprint(7)")]
    [InlineData("for n in range(2000):\n    open(f'/tmp/{n}', 'w').close()\nprint(7)")]
    [InlineData("import subprocess\nprint(subprocess.run(['echo', '7'], capture_output=True, text=True).stdout)")]
    [InlineData("import mmap\nf = open('/tmp/x', 'wb+')\nf.write(b'7' * 4096)\nf.flush()\nprint(chr(mmap.mmap(f.fileno(), 0)[5]))")]
    [InlineData("import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 3 + 4').fetchone()[0])")]
    [InlineData("import threading\nout = []\nt = threading.Thread(target=out.append, args=(7,))\nt.start(); t.join()\nprint(out[0])")]
    [InlineData("import tempfile\nwith tempfile.TemporaryFile('w+') as f:\n    f.write('7')\n    f.seek(0)\n    print(f.read())")]
    [InlineData("import multiprocessing as m\none, other = m.Pipe()\np = m.get_context('fork').Process(target=other.send, args=(7,))\np.start()\nprint(one.recv())\np.join()")]
    public void Ordinary_use_is_no_attack(string program) => Assert.Equal((CodeOutcome.Passed, ""), (Verify(program, Ungrouped(new SandboxOptions())) is var verdict
        ? (verdict.Outcome, verdict.Reason) : default));

    private static CodeVerdict Verify(string program, Bubblewrap sandbox)
    {
        using var verifier = new PythonVerifier(Options, sandbox);
        return verifier.Verify(program, new CodeTests([new CodeTest.Whole("", "7")]), TestContext.Current.CancellationToken);
    }

    private static Bubblewrap Ungrouped(SandboxOptions options) => new(options, SandboxStart.IsInstalled, (_, _) => null);
}
