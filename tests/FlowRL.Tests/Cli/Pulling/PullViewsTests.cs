using FlowRL.Cli.Pulling;
using FlowRL.Hub;
using FlowRL.Tests.Support;
using Spectre.Console;

namespace FlowRL.Tests.Cli.Pulling;

public sealed class PullViewsTests
{
    private const long All = 2_000_000_000;

    private static PullProgress At(long done) => new("org/name", "model.safetensors", done, All);

    [Fact]
    public void Plain_lines_come_at_intervals_and_at_the_end_with_speed_and_rest()
    {
        var (lines, clock) = (new List<string>(), new ManualClock());
        var view = new PlainPull(lines.Add, clock);
        view.Report(At(500_000_000)); // what was there already is no speed
        clock.Advance(TimeSpan.FromSeconds(1));
        view.Report(At(550_000_000));
        clock.Advance(TimeSpan.FromSeconds(4));
        view.Report(At(1_000_000_000));
        clock.Advance(TimeSpan.FromSeconds(1));
        view.Report(At(1_500_000_000));
        clock.Advance(TimeSpan.FromSeconds(1));
        view.Report(At(All));
        Assert.Equal(
            ["org/name: 1.0 GB of 2.0 GB, 100 MB/s, 10 s left", "org/name: 2.0 GB of 2.0 GB, 214 MB/s"], lines);
    }

    [Fact]
    public void What_was_there_says_nothing()
    {
        var lines = new List<string>();
        new PlainPull(lines.Add, new ManualClock()).Report(At(All));
        Assert.Empty(lines);
    }

    [Fact]
    public async Task A_terminal_shows_a_bar_and_gets_the_result()
    {
        var writer = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(writer) });
        var result = await LivePull.RunAsync(terminal, _ => { }, watch =>
        {
            watch.Report(At(1_000_000_000));
            watch.Report(At(All));
            return Task.FromResult(42);
        });
        Assert.Equal(42, result);
        Assert.Contains("org/name", writer.ToString(), StringComparison.Ordinal);
    }
}
