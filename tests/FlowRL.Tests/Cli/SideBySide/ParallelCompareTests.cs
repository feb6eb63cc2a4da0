using System.Diagnostics;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli.SideBySide;

/// <summary><c>flowrl compare</c> with processes of its own, as users run it.</summary>
public sealed class ParallelCompareTests : IDisposable
{
    private const string Recipe = """
        train:
          task: countdown
          model: {create: {width: 16, layers: 1, heads: 2, key_value_heads: 1, feed_forward_width: 24, context_length: 64}}
          objective: flowrl
          rollout: {problems: 2, group_size: 4, slots: 8, sampling: {max_new_tokens: 12}}
          training: {steps: 4, mini_batch: 8}
          evaluation: {every: 2, validation_problems: 2, validation_samples: 2}
        seeds: [1, 2]
        evaluation: {problems: 4, samples: 4, k: [1, 4]}
        objectives: {flowrl: {}, grpo: {objective: grpo}}

        """;

    // Those that two processes begin with.
    private static readonly string[] First = ["flowrl/seed-1", "flowrl/seed-2"];

    private readonly TemporaryFolder _folder = new();

    public ParallelCompareTests() => _folder.Write("compare.yaml", Recipe);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Side_by_side_every_run_has_the_bits_of_one_after_the_other()
    {
        var beside = await Compare("beside", "--parallel", "2", "--set", "seeds=[1]", "--set", "train.run.threads=1");
        var after = await Compare("after", "--set", "seeds=[1]", "--set", "train.run.threads=1");
        Assert.Equal((0, 0), (beside.ExitCode, after.ExitCode));
        Assert.Contains("\ngrpo, seed 1: ", beside.Error, StringComparison.Ordinal);
        foreach (var run in (string[])["flowrl/seed-1", "grpo/seed-1"])
        {
            byte[] Weights(string comparison) => File.ReadAllBytes(_folder.In(comparison, run, "checkpoints", "step-00000004", "model.safetensors"));
            Assert.Equal(Weights("after"), Weights("beside"));
            string[] Tested(string comparison) => [.. File.ReadAllText(_folder.In(comparison, run, "tested.json")).Split(',')
                .Where(part => !part.Contains("seconds", StringComparison.Ordinal))];
            Assert.Equal(Tested("after"), Tested("beside"));
            Assert.Contains("\n  threads: 1\n", File.ReadAllText(_folder.In("beside", run, "recipe.yaml")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_comparison_that_is_killed_leaves_no_process_behind_and_goes_on()
    {
        using var compare = Start("out", "--parallel", "2", "--set", "train.training.steps=3000");
        var ended = compare.WaitAsync();
        Assert.True(await Eventually.IsTrue(() => ended.IsCompleted || IsTraining()));
        var children = Children(compare.Id);
        Assert.Equal(2, children.Count);
        compare.Kill();
        await ended;
        Assert.True(await Eventually.IsTrue(() => children.TrueForAll(child => !IsRunning(child))));
    }

    [Fact]
    public async Task Asked_to_stop_its_processes_save_and_the_same_command_goes_on()
    {
        string[] endless = ["--parallel", "2", "--set", "train.training.steps=3000"];
        using var compare = Start("out", endless);
        var ended = compare.WaitAsync();
        Assert.True(await Eventually.IsTrue(() => ended.IsCompleted || IsTraining()));
        // As a terminal does it: to every process in front of it.
        await SendAsync("INT", [compare.Id, .. Children(compare.Id)]);
        var (code, _, error) = await ended;
        Assert.Equal(1, code);
        Assert.Matches("\nStopped after step [0-9]+ of flowrl, seed 1, and after step [0-9]+ of flowrl, seed 2; what is finished is kept. " +
            "Go on with the same command.\n$", error);
        Assert.All(First, run => Assert.NotEmpty(Directory.GetDirectories(_folder.In("out", run, "checkpoints"))));

        var again = await CliProcess.RunAsync(_folder.Path, ["compare", "compare.yaml", "--out", "out", "--dry-run", .. endless]);
        Assert.Equal(2, again.Output.Split("begun; goes on where it stopped").Length - 1);
    }

    private Task<(int ExitCode, string Output, string Error)> Compare(string folder, params string[] more) =>
        CliProcess.RunAsync(_folder.Path, ["compare", "compare.yaml", "--out", folder, .. more]);

    private CliProcess Start(string folder, params string[] more) => CliProcess.Start(_folder.Path, ["compare", "compare.yaml", "--out", folder, .. more]);

    // A step is logged before it is told of: with the second, the first was.
    private bool IsTraining() => First.Select(run => _folder.In("out", run, "metrics.jsonl"))
        .All(metrics => File.Exists(metrics) && File.ReadLines(metrics).Count() > 1);

    private static List<int> Children(int parent) => [.. Directory.EnumerateDirectories($"/proc/{parent}/task")
        .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];

    private static bool IsRunning(int process)
    {
        try
        {
            // Killed, and not yet asked after by whoever has inherited it, it is only a name.
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task SendAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {string.Join(' ', processes)}"]);
        await kill.WaitForExitAsync();
    }
}
