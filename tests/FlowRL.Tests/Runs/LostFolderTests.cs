using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using Microsoft.Extensions.Logging;

namespace FlowRL.Tests.Runs;

/// <summary>What happens to a run whose files are taken away while it trains.</summary>
public sealed class LostFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    public void Dispose() => _folder.Dispose();

    private TrainRecipe Recipe => TinyRuns.Recipe() with
    {
        Model = new ModelOptions { Path = "embedded:countdown" },
        Evaluation = new EvaluationOptions { Every = 0, TestProblems = 0 },
        Run = new RunOptions { Folder = _folder.Path, Name = "r" },
    };

    [Fact]
    public async Task A_folder_that_is_deleted_ends_the_run_at_its_next_step()
    {
        var steps = 0;
        var error = await Assert.ThrowsAsync<IOException>(() => Train(step =>
        {
            steps = step;
            if (step == 2) Directory.Delete(_folder.In("r-1"), recursive: true);
        }));
        Assert.Equal($"The run's folder {_folder.In("r-1")} was deleted or moved while the run was training, so that nothing more can be saved. Resume it " +
            "where it is now, or start it again: the same seed gives the same run.", error.Message);
        Assert.Equal(2, steps);
        Assert.False(Directory.Exists(_folder.In("r-1")));
    }

    [Fact]
    public async Task Metrics_that_are_deleted_are_told_at_once_and_begun_anew()
    {
        var run = await Train(step =>
        {
            if (step == 2) File.Delete(_folder.In("r-1", "metrics.jsonl"));
        });
        Assert.Contains($"{_folder.In("r-1", "metrics.jsonl")} is gone, and what it held is lost; it begins anew.", _said);
        Assert.Equal([3, 4], MetricsLog.Read(_folder.In("r-1", "metrics.jsonl")).Select(line => line.Step));
        Assert.Equal([], RunDamage.Of(run));
    }

    [Fact]
    public async Task Damage_in_what_is_only_read_by_people_is_named_and_survived()
    {
        var run = await Train(_ => { });
        foreach (var name in new[] { "metrics.jsonl", "samples.jsonl" })
            File.WriteAllText(Path.Combine(run, name), "{\"step\":1}\n\u0000\n{\"step\": \"x\"}\n" + File.ReadAllText(Path.Combine(run, name)));
        File.WriteAllText(Path.Combine(run, "summary.json"), "{\"run\":");
        File.WriteAllText(Path.Combine(run, "before.json"), "");
        var damage = RunDamage.Of(run);
        Assert.Equal(7, damage.Count);
        Assert.Equal($"{run}/metrics.jsonl:2: this line of the log is not a JSON object with a step, and is left out.", damage[0]);
        Assert.Equal($"{run}/samples.jsonl: a sample of step 1 lacks fields or has others than samples have, and is left out.", damage[2]);
        Assert.StartsWith($"{run}/before.json is empty.", damage[5], StringComparison.Ordinal);
        Assert.StartsWith($"{run}/summary.json is not valid JSON: ", damage[6], StringComparison.Ordinal);

        // The evaluation before the run is made again, and everything else goes on.
        var recipe = Recipe with
        {
            Training = Recipe.Training with { Steps = 5 },
            Evaluation = new EvaluationOptions { Every = 0, TestProblems = 1, TestSamples = 1 },
        };
        var summary = await TrainRun.RunAsync(recipe, run, new Each(_ => { }), new Said(_said), CancellationToken.None);
        Assert.Equal(5, summary.Steps);
        Assert.Contains($"{run}/before.json is empty. Correct it or copy the file again. The evaluation is made again.", _said);
        Assert.Contains($"{run}/metrics.jsonl goes on without what is damaged; the file as it was is kept as metrics.jsonl.damaged.", _said);
        // A sample without its fields is a line of the log all the same.
        Assert.Equal([$"{run}/samples.jsonl: a sample of step 1 lacks fields or has others than samples have, and is left out."], RunDamage.Of(run));
    }

    private async Task<string> Train(Action<int> each)
    {
        var recipe = Recipe with { Training = Recipe.Training with { Steps = 4 } };
        return (await TrainRun.RunAsync(recipe, null, new Each(each), new Said(_said), CancellationToken.None)).Run;
    }

    private sealed class Each(Action<int> act) : IProgress<StepReport>
    {
        public void Report(StepReport value) => act(value.Step);
    }

    private sealed class Said(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) lines.Add(formatter(state, exception));
        }
    }
}
