using FlowRL.Telemetry;
using Spectre.Console;

namespace FlowRL.Cli;

/// <summary>Progress on a terminal: a table of the last steps that is redrawn in place.</summary>
internal sealed class LiveProgress(IAnsiConsole terminal)
{
    private const int Rows = 12;

    /// <summary>Shows the table while <paramref name="body"/> runs.</summary>
    public Task<T> RunAsync<T>(Func<IProgress<StepReport>, Task<T>> body)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in ProgressText.Columns)
            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
        return terminal.Live(table).StartAsync(context => body(new View(table, context)));
    }

    private sealed class View(Table table, LiveDisplayContext context) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            if (table.Rows.Count == Rows) table.RemoveRow(0);
            table.AddRow([.. ProgressText.Columns.Select(c => new Text(c.Text(value)))]);
            context.Refresh();
        }
    }
}
