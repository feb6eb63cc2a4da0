using System.CommandLine;
using FlowRL.Cli.SideBySide;
using FlowRL.Lab.Comparison;
using FlowRL.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli;

/// <summary>One run of a command: its arguments and where it may write.</summary>
internal sealed class Invocation(ParseResult parse, CliHost host, ILoggerFactory logs, bool json)
{
    public CliHost Host { get; } = host;

    public ILoggerFactory Logs { get; } = logs;

    /// <summary>Whether standard output is for a program, so that nothing but the result may be written there.</summary>
    public bool Json { get; } = json;

    public T? Get<T>(Argument<T> argument) => parse.GetValue(argument);

    public T? Get<T>(Option<T> option) => parse.GetValue(option);

    /// <summary>Whether the option was given, rather than left to its default.</summary>
    public bool Has(Option option) => parse.GetResult(option) is { Implicit: false };

    /// <summary>Runs <paramref name="body"/> with a view of its progress on standard error.</summary>
    public Task<T> WithProgress<T>(Func<IProgress<StepReport>, Task<T>> body) => Host.Terminal is { } terminal
        ? new LiveProgress(terminal).RunAsync(body)
        : body(new PlainProgress(Host.Error));

    /// <summary>The same for runs side by side: a line each.</summary>
    public Task<T> WithRuns<T>(Func<Func<PlannedRun, IProgress<StepReport>>, Task<T>> body) => Host.Terminal is { } terminal
        ? new LiveRuns(terminal).RunAsync(body)
        : body(run => new PlainProgress(Host.Error, run: run.Title));
}
