using System.CommandLine;
using System.Text.Json.Nodes;
using FlowRL.Cli.SideBySide;
using FlowRL.Telemetry;

namespace FlowRL.Cli.Commands;

/// <summary>The hidden <c>flowrl compared-run</c>: one run of a comparison, for which <see cref="RunProcesses"/> starts this tool.</summary>
internal static class ComparedRunCommand
{
    public const string Name = "compared-run";

    public static Command Create(CommandRunner runner)
    {
        var command = new Command(Name, "One run of a comparison, told on standard input by the comparison that starts it.") { Hidden = true };
        runner.Attach(command, async (call, terminated) =>
        {
            var parent = new ParentPipe(call.Host.Input);
            var job = parent.Job() ?? throw new BadInputException($"{Name} is started by 'flowrl compare', not by hand.");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(terminated);
            parent.Watch(stop);
            var output = call.Host.Output;
            try
            {
                await call.Host.Engine.CompareOneAsync(
                    job.Take(), job.TakeTests(), new Lines(output), call.Logs, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // As the comparison asked for, or as whoever ends all of it at once; it says so itself.
            }
            return new CommandResult(new JsonObject(), "");
        }, StopText.Run, Keyboard.IsParents);
        return command;
    }

    private sealed class Lines(TextWriter output) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            lock (output)
            {
                output.WriteLine(PipeLines.Write(value));
                output.Flush();
            }
        }
    }
}
