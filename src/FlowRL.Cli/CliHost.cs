using System.Text;
using Spectre.Console;

namespace FlowRL.Cli;

/// <summary>What the tool talks to: the process's own streams, or a test's. All that is printed passes through here.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress, logs, errors; none of it ends a command where it cannot be written.</param>
/// <param name="Input">Text for commands that read some.</param>
/// <param name="Terminal">The terminal behind <paramref name="Error"/>; null where it is none.</param>
/// <param name="Engine">What trains, evaluates and samples.</param>
internal sealed record CliHost(TextWriter Output, TextWriter Error, TextReader Input, IAnsiConsole? Terminal, ITrainingEngine Engine)
{
    /// <summary>Whether <see cref="Input"/> is a keyboard, at which somebody waits to be asked.</summary>
    public bool IsKeyboard { get; init; }

    /// <summary>Time of waits and of progress.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public TextWriter Output { get; } = new SafeWriter(Output);

    public TextWriter Error { get; } = new SafeWriter(new SurvivingWriter(Error));

    public static CliHost Console() => new(
        StandardStream.Output, StandardStream.Error, System.Console.In,
        System.Console.IsErrorRedirected ? null : AnsiConsole.Create(new AnsiConsoleSettings { Out = new ErrorTerminal() }),
        new TrainingEngine())
    { IsKeyboard = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected };

    /// <summary>A line on standard error; above the live view where there is one.</summary>
    public void Say(string line)
    {
        if (Terminal is not null) Terminal.WriteLine(SafeWriter.Safe(line));
        else lock (Error) Error.WriteLine(line);
    }

    /// <summary>The terminal as the live view draws on it, with controls of its own; one that is gone is drawn on without effect.</summary>
    private sealed class ErrorTerminal : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _terminal = new(System.Console.Error);

        public TextWriter Writer { get; } = new SurvivingWriter(System.Console.Error);

        public bool IsTerminal => _terminal.IsTerminal;

        public int Width => _terminal.Width;

        public int Height => _terminal.Height;

        public void SetEncoding(Encoding encoding) => _terminal.SetEncoding(encoding);
    }
}
