using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowRL.Cli;
using FlowRL.Lab.Benchmarking;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Campaigns;

/// <summary>
/// Damaged inputs of every kind: each ends in success or in exit code 1 or 2 with a sentence, in bounded time and memory. A few of each kind are tried
/// with the other tests; <c>tests/campaigns/run fuzz</c> tries thousands.
/// </summary>
public sealed partial class FuzzTests
{
    // So far above what the commands take that only what grows without bound gets there, also on a busy machine.
    private const long MostBytes = 2L << 30;
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Damage_of_every_kind_is_told_in_a_sentence() => await Try(seed: 1, 2 * FuzzKind.All.Count, _ => { });

    /// <summary>Damage says nothing where what is damaged was never read.</summary>
    [Fact]
    public async Task What_is_damaged_is_whole_before()
    {
        using var material = await Material.MakeAsync();
        var failed = new List<string>();
        foreach (var kind in FuzzKind.All.Where(kind => kind.IsWholeRead))
        {
            using var scratch = new TemporaryFolder();
            var (run, problem) = await Tried(kind.Prepare(material, scratch.Path, new Mutation(new Random(1), isOff: true)));
            if (run is not { Code: 0 }) failed.Add($"{kind.Name}: {problem} {run?.Error}");
        }
        Assert.Empty(failed);
    }

    /// <summary>The campaign itself. FLOWRL_FUZZ gives seed and number of inputs, and a file that is told of each before it is tried.</summary>
    [Fact(Explicit = true)]
    public async Task Campaign()
    {
        var words = (Environment.GetEnvironmentVariable("FLOWRL_FUZZ") ?? "1 5000 fuzz.log").Split(' ');
        await using var log = new StreamWriter(words[2]) { AutoFlush = true };
        await Try(int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture), log.WriteLine);
    }

    private static async Task Try(int seed, int inputs, Action<string> say)
    {
        using var material = await Material.MakeAsync();
        var counts = FuzzKind.All.ToDictionary(kind => kind.Name, _ => new int[3]);
        var unexpected = new List<string>();
        for (var number = 0; number < inputs; number++)
        {
            var kind = FuzzKind.All[number % FuzzKind.All.Count];
            var random = new Random(unchecked((seed * 1_000_003) + number));
            using var scratch = new TemporaryFolder();
            var command = kind.Prepare(material, scratch.Path, new Mutation(random));
            say($"{number} {kind.Name}: {string.Join(' ', command.Select(Short))}");
            var (run, problem) = await Tried(command);
            if (run is not null && run.Code is >= 0 and <= 2) counts[kind.Name][run.Code]++;
            if (problem is null) continue;
            unexpected.Add($"{number} {kind.Name}: {problem}: {string.Join(' ', command.Select(Short))}");
            say($"UNEXPECTED {unexpected[^1]}");
        }
        foreach (var (name, codes) in counts) say($"{name}: {codes.Sum()} inputs, exit 0: {codes[0]}, 1: {codes[1]}, 2: {codes[2]}");
        say($$"""{"campaign": "fuzz", "seed": {{seed}}, "inputs": {{inputs}}, "kinds": {{counts.Count}}, "exit_codes": {"0": {{counts.Values.Sum(codes => codes[0])}}, "1": {{counts.Values.Sum(codes => codes[1])}}, "2": {{counts.Values.Sum(codes => codes[2])}}}, "unexpected": {{unexpected.Count}}}""");
        Assert.True(unexpected.Count == 0, string.Join('\n', unexpected.Take(20)));
    }

    private static async Task<(ToolRun? Run, string? Problem)> Tried(string[] command)
    {
        var before = PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        ToolRun run;
        try
        {
            run = await Task.Run(() => ToolRun.Of(new TrainingEngine(), command)).WaitAsync(MostTime);
        }
        catch (TimeoutException)
        {
            return (null, $"still running after {clock.Elapsed.TotalSeconds:F0} seconds");
        }
        catch (Exception thrown)
        {
            return (null, $"threw {thrown.GetType().Name}: {thrown.Message}");
        }
        var memory = PeakMemory.Bytes - before;
        var last = run.Error.TrimEnd().Split('\n')[^1];
        return (run, memory > MostBytes ? $"took {memory >> 20} MiB"
            : run.Code is < 0 or > 2 ? $"exit {run.Code}"
            : Stack().IsMatch(run.Error + run.Output) && !command.Contains("--verbose") ? $"a stack: {Short(run.Error)}"
            : run.Code == 0 ? null
            : last.StartsWith("Failed", StringComparison.Ordinal) ? $"a fault: {Short(last)}"
            : Sentence().IsMatch(last) ? null : $"no sentence: {Short(last)}");
    }

    private static string Short(string text) => SafeWriter.Safe(text.Length > 300 ? text[..300] + "..." : text).Replace('\n', ' ');

    [GeneratedRegex(@"^\s+at \w+.*\(|Unhandled exception", RegexOptions.Multiline)]
    private static partial Regex Stack();

    [GeneratedRegex(@"[.?]$|^See: flowrl ")]
    private static partial Regex Sentence();
}
