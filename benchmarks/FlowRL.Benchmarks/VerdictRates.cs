using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Rewards;
using FlowRL.Sandbox;
using FlowRL.Verifiers.Code;

namespace FlowRL.Benchmarks;

/// <summary>
/// Verdicts a second with as many at once as training has, beside what the machine gives at best: starting a sandbox, and the interpreter in it.
/// </summary>
internal static class VerdictRates
{
    private const int Count = 200;
    private static readonly int AtOnce = Capacity.Verdicts(new SandboxOptions());

    public static JsonObject Measure()
    {
        var options = new CodeOptions();
        var sandbox = new Bubblewrap(options.Sandbox);
        using var python = new PythonVerifier(options, sandbox);
        const string Program = "def f(a, b):\n    return a + b\nif __name__ == '__main__':\n    print(f(*map(int, input().split())))";
        CodeTest whole = new CodeTest.Whole("1 2", "3"), called = new CodeTest.Arguments("f", [1, 2], 3), script = new CodeTest.Script("assert f(1, 2) == 3");
        SpareThreads.Add(AtOnce);
        double Verdicts(CodeTest test) => Rate(() =>
        {
            if (!python.Verify(Program, new CodeTests([test]), CancellationToken.None).IsCorrect) throw new InvalidOperationException("the program is right");
        });
        return new JsonObject
        {
            ["cores"] = Environment.ProcessorCount,
            ["at_once"] = AtOnce,
            ["empty_sandboxes_per_second"] = Rate(() => Run(sandbox, ["/bin/true"])),
            ["interpreters_per_second"] = Rate(() => Run(sandbox, [options.Sandbox.Python, "-s", "-S", "-c", "pass"])),
            ["whole_programs_per_second"] = Verdicts(whole),
            ["called_functions_per_second"] = Verdicts(called),
            ["assertion_scripts_per_second"] = Verdicts(script),
            ["milliseconds_of_closing_open_files"] = Math.Round(Start([.. OpenFiles.Closed(), "/bin/true"]) - Start(["/bin/true"]), 2),
        };
    }

    private static void Run(Bubblewrap sandbox, string[] command)
    {
        using var process = sandbox.Start(command, new SandboxNeeds());
        process.CloseInput();
        _ = process.Read(TimeSpan.FromSeconds(20));
    }

    /// <summary>How long starting a program takes, one after the other: the median, in milliseconds.</summary>
    private static double Start(string[] words)
    {
        var times = new double[Count];
        for (var at = 0; at < Count; at++)
        {
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(words[0], words[1..]);
            process.WaitForExit();
            times[at] = clock.Elapsed.TotalMilliseconds;
        }
        return times.Order().ElementAt(Count / 2);
    }

    private static double Rate(Action action)
    {
        var together = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        Parallel.For(0, 2 * AtOnce, together, _ => action());
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Count, together, _ => action());
        return Math.Round(Count / clock.Elapsed.TotalSeconds, 1);
    }
}
