using System.Diagnostics;
using FlowRL.Cli.SideBySide;
using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Telemetry;
using FlowRL.Tests.Lab.Comparison;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Cli.SideBySide;

/// <summary>A comparison's side of its processes, with a shell in place of each.</summary>
public sealed class RunProcessesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];
    private readonly List<StepReport> _steps = [];
    private readonly PlannedRun _run;
    private readonly CompareTests _tests;

    public RunProcessesTests()
    {
        var plan = Comparisons.Plan(_folder.In("out"));
        (_run, _tests) = (plan.Runs[0], plan.Recipe.Tests);
        Directory.CreateDirectory(_run.Folder);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Steps_are_shown_what_is_said_gets_the_runs_name_and_the_result_is_read()
    {
        var report = new StepReport(3, 4, 1, double.NaN, new Dictionary<string, double> { ["loss"] = double.PositiveInfinity });
        _folder.Write("report", PipeLines.Write(report));
        Comparisons.Tested(_run, _tests.Evaluation).Write(_folder.Path);
        var tested = await Do($"read -r job; cat '{_folder.In("report")}'; echo; echo of my own; echo loaded >&2; cp '{_folder.In("tested.json")}' '{_run.Folder}'");
        Assert.Equal((Comparisons.Tested(_run, _tests.Evaluation).Reward, 0), (tested.Best.Reward, tested.Front.Count));
        var step = Assert.Single(_steps);
        Assert.Equal((3, 4, double.NaN, double.PositiveInfinity), (step.Step, step.Steps, step.SecondsLeft, step["loss"]));
        Assert.Equal(["a, seed 1: loaded", "a, seed 1: of my own"], _said.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("echo out of room >&2; kill -9 $$",
        "a, seed 1: the process was ended by signal 9 (by hand, or by the system where memory ran out); its last words: out of room")]
    [InlineData("kill -11 $$", "a, seed 1: the process was ended by signal 11; it said nothing")]
    [InlineData("echo first >&2; echo last >&2; exit 1", "a, seed 1: the process ended with exit code 1; its last words: last")]
    [InlineData("exit 0", "a, seed 1: the process ended without a result; it said nothing")]
    public async Task A_process_that_fails_is_named_with_its_last_words(string script, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<RunProcessException>(() => Do(script))).Message);

    [Fact]
    public async Task Wrong_input_of_a_run_is_wrong_input_of_the_comparison() =>
        Assert.Equal("a, seed 1: no such file", (await Assert.ThrowsAsync<BadInputException>(() => Do("echo no such file >&2; exit 2"))).Message);

    [Fact]
    public async Task A_stop_is_passed_on_and_waited_for()
    {
        using var stop = new CancellationTokenSource();
        _folder.Write("report", PipeLines.Write(new StepReport(3, 4, 1, 1, new Dictionary<string, double>())));
        var all = Do($"read -r job; cat '{_folder.In("report")}'; echo; read -r word; echo \"$word\" >&2", stop.Token);
        Assert.True(await Eventually.IsTrue(() => _steps.Count > 0));
        await stop.CancelAsync();
        Assert.Equal(3, (await Assert.ThrowsAsync<RunInterruptedException>(() => all)).Step);
        Assert.Equal("a, seed 1: stop", _said[^1]);
    }

    [Fact]
    public void A_job_is_the_run_that_it_was_made_of()
    {
        var job = PipeLines.Job(PipeLines.Write(RunJob.Of(_run, _tests)));
        var taken = job.Take();
        Assert.Equal((_run.Objective, _run.Seed, _run.Folder), (taken.Objective, taken.Seed, taken.Folder));
        Assert.Equal(OptionsWriter.Write(_run.Recipe), OptionsWriter.Write(taken.Recipe));
        Assert.True(job.TakeTests().Evaluation.Asks(_tests.Evaluation));
        Assert.False(taken.IsBase);
    }

    [Fact]
    public void A_job_of_the_base_model_has_its_fronts_and_is_not_trained()
    {
        var plan = Comparisons.Plan(FrontTests.Asking(_folder.In("out")));
        var job = PipeLines.Job(PipeLines.Write(RunJob.Of(plan.Base!, plan.Recipe.Tests)));
        Assert.True(job.Take().IsBase);
        Assert.Equal(plan.Recipe.Tests.Asked().Select(asked => asked.Name), job.TakeTests().Asked().Select(asked => asked.Name));
    }

    [Fact]
    public async Task A_process_hears_its_job_then_to_stop_then_that_nobody_is_there()
    {
        var pipe = new ParentPipe(new StringReader(PipeLines.Write(RunJob.Of(_run, _tests)) + "\nstop\n"));
        using var stop = new CancellationTokenSource();
        var orphaned = new TaskCompletionSource();
        Assert.Equal("a", pipe.Job()!.Objective);
        pipe.Watch(stop, orphaned.SetResult);
        await orphaned.Task;
        Assert.True(stop.IsCancellationRequested);
        Assert.Null(new ParentPipe(new StringReader("")).Job());
    }

    [Fact]
    public async Task By_hand_the_command_says_who_starts_it()
    {
        var run = await CliProcess.RunAsync(_folder.Path, "compared-run");
        Assert.Equal((2, "compared-run is started by 'flowrl compare', not by hand.\n"), (run.ExitCode, run.Error));
    }

    private Task<RunTests> Do(string script, CancellationToken cancellation = default) => new RunProcesses(
        new Comparisons.Work(), _ => new Steps(_steps), line =>
        {
            lock (_said) _said.Add(line);
        },
        () => new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
        .DoAsync(_run, _tests, cancellation);

    private sealed class Steps(List<StepReport> steps) : IProgress<StepReport>
    {
        public void Report(StepReport value) => steps.Add(value);
    }
}
