using System.CommandLine;
using System.Text.Json.Nodes;
using FlowRL.Cli.Commands;
using FlowRL.Cli.SideBySide;
using FlowRL.Hub;
using FlowRL.Lab.Comparison;
using FlowRL.Lab.Judging;
using FlowRL.Rewards;
using FlowRL.Training;
using FlowRL.Verifiers.Code;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>
/// What all commands share: <c>--json</c> and <c>--verbose</c>, stopping at Ctrl-C and SIGTERM, the result's last line, and how a failure
/// becomes a message and an exit code.
/// </summary>
internal sealed class CommandRunner(CliHost host)
{
    public Option<bool> Json { get; } = new("--json")
    { Description = "Write one JSON object as the last line of standard output.", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose")
    { Description = "Log more, and print the stack of a failure.", Recursive = true };

    /// <summary>Makes <paramref name="body"/> what <paramref name="command"/> does.</summary>
    /// <param name="command">Whose options are read.</param>
    /// <param name="body">The work.</param>
    /// <param name="stop">What is said when it is asked to stop; <see cref="StopText.Plain"/> where null.</param>
    /// <param name="keyboard">Whether Ctrl-C is for this process.</param>
    public void Attach(
        Command command, Func<Invocation, CancellationToken, Task<CommandResult>> body, StopText? stop = null, Keyboard keyboard = Keyboard.IsOwn) =>
        command.SetAction((parse, outer) => RunAsync(parse, body, stop ?? StopText.Plain, keyboard, outer));

    private async Task<int> RunAsync(
        ParseResult parse, Func<Invocation, CancellationToken, Task<CommandResult>> body, StopText stop, Keyboard keyboard, CancellationToken outer)
    {
        var (json, verbose) = (parse.GetValue(Json), parse.GetValue(Verbose));
        using var interruption = new Interruption(host, stop, outer, keyboard);
        using var logs = LoggerFactory.Create(b => b.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information)
            .AddProvider(new ErrorStreamLogs(host)));
        try
        {
            CodeVerifier.RemoveAbandoned();
            var result = await body(new Invocation(parse, host, logs, json), interruption.Token);
            Print(json ? CommandResult.Line(result.Json) : result.Text);
            return ExitCodes.Done;
        }
        catch (Exception e)
        {
            return Fail(e, stop, parse, json, verbose);
        }
    }

    // What was done is done, whatever becomes of the words about it.
    private void Print(string text)
    {
        if (text == "") return;
        try
        {
            host.Output.WriteLine(text);
            host.Output.Flush();
        }
        catch (Exception lost) when (lost is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Done, but the result could not be written to standard output: {FailureText.Of(lost)}", new IOException(lost.Message, lost));
        }
    }

    // A run's recipe names what it was trained with, and needs the same permission again.
    private static string Consent(Command command, ParseResult parse)
    {
        var given = command.Options.Where(option => parse.GetResult(option) is { Implicit: false }).Select(option => option.Name);
        return given.Any(name => name is OwnCode.AssemblyName or OwnCode.ProgramsName) ? $" {OwnCode.ProgramsName}" : "";
    }

    private int Fail(Exception e, StopText stop, ParseResult parse, bool json, bool verbose)
    {
        var command = parse.CommandResult.Command;
        var (message, code) = e switch
        {
            BadInputException => (e.Message, ExitCodes.BadInput),
            RunInterruptedException run =>
                ($"{run.Message} Resume with: flowrl {command.Name} --resume {run.RunFolder}{Consent(command, parse)}", ExitCodes.Failed),
            ComparisonInterruptedException comparison => ($"{comparison.Message} Go on with the same command.", ExitCodes.Failed),
            RunProcessException or RewardsFailedException or HubException or JudgeException => (e.Message, ExitCodes.Failed),
            OperationCanceledException => (stop.Stopped, ExitCodes.Failed),
            _ => (FailureText.Of(e), ExitCodes.Failed),
        };
        host.Error.WriteLine(message);
        if (verbose) host.Error.WriteLine(e);
        if (json) new SurvivingWriter(host.Output).WriteLine(CommandResult.Line(new JsonObject { ["error"] = message, ["exit_code"] = code }));
        return code;
    }
}
