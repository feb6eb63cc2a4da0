using System.Diagnostics;
using FlowRL.Cli.Commands;
using FlowRL.Lab.Comparison;
using FlowRL.Telemetry;
using FlowRL.Training;

namespace FlowRL.Cli.SideBySide;

/// <summary>
/// Runs of a comparison in processes of their own, since the tensor library's threads belong to a process. Each says its steps on standard output and
/// everything else on standard error; standard input tells it the job, to stop, and with its end that the comparison is no more.
/// </summary>
/// <param name="inner">Looks at the plan before anything starts.</param>
/// <param name="progress">What is told after every step of a run.</param>
/// <param name="say">Told what a run says, after its name.</param>
/// <param name="start">How the process is started; null starts this tool.</param>
internal sealed class RunProcesses(
    IComparisonWork inner, Func<PlannedRun, IProgress<StepReport>> progress, Action<string> say, Func<ProcessStartInfo>? start = null) : IComparisonWork
{
    private const int SignalBase = 128; // a shell's and .NET's exit code of a process that a signal ended

    public int AtOnce(ComparisonPlan plan) => plan.Recipe.Parallel;

    public void Require(ComparisonPlan plan) => inner.Require(plan);

    public async Task<RunTests> DoAsync(PlannedRun run, CompareTests tests, CancellationToken cancellation)
    {
        var (last, words) = ((StepReport?)null, "");
        using var process = Process.Start(start?.Invoke() ?? OwnProgram.With(ComparedRunCommand.Name))!;
        var pipe = process.StandardInput;
        await TellAsync(pipe, PipeLines.Write(RunJob.Of(run, tests)));
        using var asked = cancellation.Register(() => _ = TellAsync(pipe, ParentPipe.Stop));

        var view = progress(run);
        await Task.WhenAll(
            EachLine(process.StandardOutput, line =>
            {
                if (PipeLines.Report(line) is { } report)
                {
                    last = report;
                    view.Report(report);
                }
                else say($"{run.Title}: {line}");
            }),
            EachLine(process.StandardError, line =>
            {
                if (line.Length > 0) words = line;
                say($"{run.Title}: {line}");
            }));
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != ExitCodes.Done) throw Ended(run, process.ExitCode, words);
        if (RunTests.Read(run.Folder, tests) is { } tested) return tested;
        if (cancellation.IsCancellationRequested && last is not null && last.Step < last.Steps) throw new RunInterruptedException(run.Folder, last.Step);
        cancellation.ThrowIfCancellationRequested();
        throw Ended(run, process.ExitCode, words);

        // A process that has ended is heard of by its exit code.
        async Task TellAsync(StreamWriter writer, string line)
        {
            try
            {
                await writer.WriteLineAsync(line);
                await writer.FlushAsync(CancellationToken.None);
            }
            catch (IOException)
            {
                // Nobody reads there any more.
            }
        }
    }

    private static async Task EachLine(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line) take(line);
    }

    private static Exception Ended(PlannedRun run, int code, string words)
    {
        var said = words == "" ? "it said nothing" : $"its last words: {words}";
        return code == ExitCodes.BadInput ? new BadInputException($"{run.Title}: {words}")
            : new RunProcessException($"{run.Title}: the process {(code > SignalBase
                ? $"was ended by signal {code - SignalBase}{(code == SignalBase + 9 ? " (by hand, or by the system where memory ran out)" : "")}"
                : code == ExitCodes.Done ? "ended without a result" : $"ended with exit code {code}")}; {said}");
    }
}

/// <summary>A run's process has failed.</summary>
internal sealed class RunProcessException(string message) : Exception(message);
