using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>
/// Each file of Attacks is a program that means harm, with the outcomes that contain it, for each way of being tested. A program that gets out prints
/// the host's secret, which is what its test expects: containment is that no attack ever passes.
/// </summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class HostileProgramTests(HostFixture host) : IClassFixture<HostFixture>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/FlowRL.Tests/Verifiers/Code/Attacks");

    public static TheoryData<string, string> Attacks { get; } = [.. Directory.GetFiles(Folder, "*.py").Order(StringComparer.Ordinal).SelectMany(file =>
        Header(file).Select(line => new TheoryDataRow<string, string>(Path.GetFileNameWithoutExtension(file), line.Mode)))];

    /// <summary>The page lists each, with what it tries and what is in its way.</summary>
    [Fact]
    public void The_page_lists_every_attack()
    {
        var page = File.ReadLines(Path.Combine(Repository.Root, "docs/sandbox.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(cells => cells[1].Trim('`'), cells => (Tries: cells[2], Wall: cells[3]));
        var attacks = Directory.GetFiles(Folder, "*.py").Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Tries: File.ReadLines(file).First()[1..].Trim().TrimEnd('.'))).ToList();

        Assert.InRange(attacks.Count, 100, int.MaxValue);
        Assert.All(attacks, attack => Assert.Equal(attack.Tries, page.GetValueOrDefault(attack.Name).Tries));
        Assert.All(attacks, attack => Assert.NotEqual("", page[attack.Name].Wall));
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_hostile_program_is_contained(string attack, string mode)
    {
        var file = Path.Combine(Folder, attack + ".py");
        var allowed = Header(file).Single(line => line.Mode == mode).Allowed;
        using var verifier = new PythonVerifier(HostFixture.Options, Sandboxes.Of(HostFixture.Options.Sandbox));
        var clock = Stopwatch.StartNew();

        var verdict = verifier.Verify(host.Fill(File.ReadAllText(file)), Tests(mode), TestContext.Current.CancellationToken);
        var next = verifier.Verify("def f(x):\n    return 7\nprint(f(1))", Harmless(mode), TestContext.Current.CancellationToken);
        verifier.Dispose();

        Assert.True(allowed.Contains(verdict.Outcome), $"{verdict.Outcome}: {verdict.Reason}");
        Assert.Equal(0, verdict.Passed);
        Assert.Equal((CodeOutcome.Passed, ""), (next.Outcome, next.Reason)); // which may have had the same nursery
        // Two seconds for the test by the limits, twelve of processor time for its judge; the rest is the machine's, whose other work makes no timeouts.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 120);
        Assert.Equal(0, host.Visitors);
        Assert.True(host.IsUntouched);
        Assert.Equal(1, host.Files);
        AssertNothingRuns();
    }

    private CodeTests Tests(string mode) => new(mode switch
    {
        "whole" => [new CodeTest.Whole("1\n", host.Secret)],
        "call" => [new CodeTest.Call("f(1)", JsonValue.Create(host.Secret))],
        "arguments" => [new CodeTest.Arguments("f", [1], JsonValue.Create(host.Secret))],
        "script" => [new CodeTest.Script($"""
            def own(): return '{host.Secret}'
            assert len(f(own)) == {host.Secret.Length}, '{host.Secret}'
            assert f(1) == '{host.Secret}'
            assert all(map(lambda x: f(x) == '{host.Secret}', [1, 2]))
            assert math.isclose(f(1), 1.5)
            answer = f(1)
            assert answer == '{host.Secret}'
            """)],
        "together" => [new CodeTest.Script($"assert isinstance(f(1), P)\nassert f(1) == '{host.Secret}'\n")],
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, null),
    });

    private static CodeTests Harmless(string mode) =>
        new([mode == "whole" ? new CodeTest.Whole("", "7") : mode == "arguments" ? new CodeTest.Arguments("f", [1], 7) : new CodeTest.Script("assert f(1) == 7")]);

    /// <summary>No process of a sandbox is left, whatever it made of itself.</summary>
    private static void AssertNothingRuns()
    {
        NurseryPool.EndIdle(); // what verifiers of other tests keep ready
        foreach (var dying in Sandboxed())
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(dying));
                process.WaitForExit(TimeSpan.FromSeconds(30));
            }
            catch (ArgumentException)
            {
                // It has gone meanwhile.
            }
        }
        Assert.Empty(Sandboxed());
    }

    private static string[] Sandboxed() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Where(IsSandboxed).Cast<string>()];

    /// <summary>Whether it is a program of ours, or nobody's any more; someone else on this machine may be training.</summary>
    private static bool IsSandboxed(string? process)
    {
        try
        {
            if (!File.ReadAllText($"/proc/{process}/cmdline").Contains("what the judge asks", StringComparison.Ordinal)) return false;
            for (var parent = Parent(process!); parent is not ("0" or "1"); parent = Parent(parent))
            {
                if (parent == $"{Environment.ProcessId}") return true;
                if (File.ReadAllText($"/proc/{parent}/cmdline").Contains("FlowRL", StringComparison.Ordinal)) return false;
            }
            return true;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Parent(string process) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..].Trim();

    private static IEnumerable<(string Mode, CodeOutcome[] Allowed)> Header(string file) => File.ReadLines(file)
        .TakeWhile(line => line.StartsWith('#')).Skip(1).Select(line => line[1..].Split(':'))
        .Select(parts => (Mode: parts[0].Trim(), Allowed: parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Enum.Parse<CodeOutcome>(word, ignoreCase: true)).ToArray()))
        // A function is called by the judge and, with plain arguments, without one.
        .SelectMany(line => line.Mode == "call" ? [line, ("arguments", line.Allowed)] : new[] { line });
}
