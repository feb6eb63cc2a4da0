using Spectre.Console;

namespace FlowRL.Cli;

/// <summary>What the tool talks to: the process's own streams, or a test's.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress, logs, errors.</param>
/// <param name="Input">Text for commands that read some.</param>
/// <param name="Terminal">The terminal behind <paramref name="Error"/>; null where it is none.</param>
/// <param name="Engine">What trains, evaluates and samples.</param>
internal sealed record CliHost(TextWriter Output, TextWriter Error, TextReader Input, IAnsiConsole? Terminal, ITrainingEngine Engine)
{
    public static CliHost Console() => new(
        System.Console.Out, System.Console.Error, System.Console.In,
        System.Console.IsErrorRedirected ? null
            : AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) }),
        new TrainingEngine());

    /// <summary>A line on standard error; above the live view where there is one.</summary>
    public void Say(string line)
    {
        if (Terminal is not null) Terminal.WriteLine(line);
        else lock (Error) Error.WriteLine(line);
    }
}
