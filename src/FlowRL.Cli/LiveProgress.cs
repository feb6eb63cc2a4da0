using FlowRL.Telemetry;
using Spectre.Console;

namespace FlowRL.Cli;

/// <summary>Progress on a terminal: a table of the last steps that is redrawn in place.</summary>
internal sealed class LiveProgress(IAnsiConsole terminal)
{
    private const int Rows = 12;

    // What a narrow terminal does without, in this order; steps are always shown.
    private static readonly string[] LeastNeeded = ["length", "entropy", "log Z", "loss", "tokens/s", "accuracy", "time left", "reward"];

    /// <summary>Shows the table while <paramref name="body"/> runs.</summary>
    public Task<T> RunAsync<T>(Func<IProgress<StepReport>, Task<T>> body)
    {
        var table = new Table().Border(TableBorder.Rounded);
        var columns = Columns(terminal.Profile.Width);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
        return terminal.Live(table).StartAsync(context => body(new View(table, columns, context)));
    }

    /// <summary>The columns that stand side by side in a terminal: cells that wrap cannot be read.</summary>
    public static List<ProgressColumn> Columns(int width)
    {
        var columns = ProgressText.Columns.ToList();
        foreach (var title in LeastNeeded)
        {
            // Each has a border and two spaces, and one border ends the row.
            if (columns.Sum(column => column.Width + 3) + 1 <= width) break;
            columns.RemoveAll(column => column.Title == title);
        }
        return columns;
    }

    private sealed class View(
        Table table, List<ProgressColumn> columns, LiveDisplayContext context) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            if (table.Rows.Count == Rows) table.RemoveRow(0);
            table.Caption = ProgressText.Failures(value) is { Length: > 0 } failures ? new TableTitle(failures) : null;
            table.AddRow([.. columns.Select(c => new Text(c.Text(value)))]);
            context.Refresh();
        }
    }
}
