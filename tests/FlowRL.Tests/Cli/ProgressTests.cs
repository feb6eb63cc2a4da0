using FlowRL.Cli;
using FlowRL.Cli.SideBySide;
using FlowRL.Telemetry;
using FlowRL.Tests.Lab.Comparison;
using FlowRL.Tests.Support;
using Spectre.Console;

namespace FlowRL.Tests.Cli;

public sealed class ProgressTests
{
    private static StepReport Step(int step) => new(step, 4, 1, 3725, new Dictionary<string, double>
    {
        [MetricNames.Reward] = 0.5,
        [MetricNames.Accuracy] = 0.256,
        [MetricNames.Length] = 31.25,
        [MetricNames.Entropy] = 1.23456,
        [MetricNames.LogPartition] = -2,
        [MetricNames.Loss] = double.NaN,
        [MetricNames.TokensPerSecond] = 5210.4,
    });

    [Theory]
    [InlineData(double.NaN, "-")]
    [InlineData(0, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.7, "1 min 00 s")]
    [InlineData(372, "6 min 12 s")]
    [InlineData(11100, "3 h 05 min")]
    public void Durations_read_as_people_say_them(double seconds, string text) => Assert.Equal(text, ProgressText.Duration(seconds));

    [Fact]
    public void Plain_lines_come_at_intervals_and_at_the_end()
    {
        var (writer, clock) = (new StringWriter { NewLine = "\n" }, new ManualClock());
        var progress = new PlainProgress(writer, clock);
        progress.Report(Step(1));
        progress.Report(Step(2));
        clock.Advance(PlainProgress.Interval);
        progress.Report(Step(3));
        progress.Report(Step(4));
        Assert.Equal(
            "       step   reward  accuracy   length  entropy    log Z      loss  tokens/s   time left\n" +
            "        1/4    0.500     25.6%     31.2    1.235   -2.000         -      5210  1 h 02 min\n" +
            "        3/4    0.500     25.6%     31.2    1.235   -2.000         -      5210  1 h 02 min\n" +
            "        4/4    0.500     25.6%     31.2    1.235   -2.000         -      5210  1 h 02 min\n", writer.ToString());
    }

    [Fact]
    public void The_share_of_rewards_that_failed_ends_the_line_where_any_did()
    {
        var (writer, clock) = (new StringWriter { NewLine = "\n" }, new ManualClock());
        var progress = new PlainProgress(writer, clock);
        var step = Step(1);
        progress.Report(step with { Metrics = new Dictionary<string, double>(step.Metrics) { [MetricNames.RewardErrors] = 0.1, [MetricNames.RewardTimeouts] = 0.025 } });
        clock.Advance(PlainProgress.Interval);
        progress.Report(step with { Metrics = new Dictionary<string, double>(step.Metrics) { [MetricNames.RewardErrors] = 0 } });
        Assert.Equal(
            "       step   reward  accuracy   length  entropy    log Z      loss  tokens/s   time left\n" +
            "        1/4    0.500     25.6%     31.2    1.235   -2.000         -      5210  1 h 02 min  12.5% of rewards failed\n" +
            "        1/4    0.500     25.6%     31.2    1.235   -2.000         -      5210  1 h 02 min\n", writer.ToString());
    }

    [Fact]
    public async Task The_live_table_shows_the_last_steps()
    {
        var writer = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes });
        terminal.Profile.Width = 120;
        var result = await new LiveProgress(terminal).RunAsync(progress =>
        {
            for (var step = 1; step <= 14; step++) progress.Report(Step(step));
            return Task.FromResult(42);
        });
        Assert.Equal(42, result);
        var last = writer.ToString()[writer.ToString().LastIndexOf('╭')..];
        Assert.Contains("14/4", last, StringComparison.Ordinal);
        Assert.Contains("3/4", last, StringComparison.Ordinal);
        Assert.DoesNotContain(" 2/4", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(101, 9)]
    [InlineData(80, 6)]
    [InlineData(40, 3)]
    [InlineData(10, 1)]
    public async Task A_narrow_terminal_shows_fewer_columns_and_no_wrapped_cells(int width, int columns)
    {
        var writer = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes });
        terminal.Profile.Width = width;
        await new LiveProgress(terminal).RunAsync(progress =>
        {
            progress.Report(Step(1));
            return Task.FromResult(0);
        });
        var rows = writer.ToString()[writer.ToString().LastIndexOf('╭')..].Split('\n').Where(line => line.Contains('│', StringComparison.Ordinal)).ToList();
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.Equal(columns + 1, row.Count(c => c == '│')));
        Assert.Contains("1/4", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_side_by_side_have_a_line_each_that_goes_when_they_are_through()
    {
        var runs = Comparisons.Plan("out").Runs;
        var writer = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes });
        terminal.Profile.Width = 120;
        var progress = await new LiveRuns(terminal).RunAsync(of =>
        {
            var (first, second) = (of(runs[0]), of(runs[2]));
            first.Report(Step(1));
            second.Report(Step(2));
            first.Report(Step(3));
            Assert.Equal(["a, seed 1 3/4", "b, seed 1 2/4"], Rows(writer));
            first.Report(Step(4));
            return Task.FromResult(42);
        });
        Assert.Equal(42, progress);
        Assert.Equal(["b, seed 1 2/4"], Rows(writer));

        var plain = new StringWriter { NewLine = "\n" };
        new PlainProgress(plain, run: runs[0].Title).Report(Step(4));
        Assert.All(plain.ToString().TrimEnd().Split('\n'), line => Assert.StartsWith("a, seed 1:  ", line, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Rows(StringWriter writer) => writer.ToString()[writer.ToString().LastIndexOf('╭')..].Split('\n')
        .Where(line => line.Contains(", seed", StringComparison.Ordinal)).Select(line => string.Join(' ', line.Split('│')[1..3].Select(cell => cell.Trim())));
}
