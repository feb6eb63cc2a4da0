using FlowRL.Lab.Comparison;
using FlowRL.Telemetry;
using Spectre.Console;

namespace FlowRL.Cli.SideBySide;

/// <summary>Progress of runs side by side on a terminal: a line each, redrawn in place until the run is through.</summary>
internal sealed class LiveRuns(IAnsiConsole terminal)
{
    private const int RunWidth = 24;

    /// <summary>Shows the lines while <paramref name="body"/> runs.</summary>
    public Task<T> RunAsync<T>(Func<Func<PlannedRun, IProgress<StepReport>>, Task<T>> body)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(new TableColumn("run").NoWrap());
        var columns = LiveProgress.Columns(terminal.Profile.Width - RunWidth - 3);
        foreach (var column in columns) table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
        return terminal.Live(table).StartAsync(context => body(new View(table, columns, context).Of));
    }

    private sealed class View(Table table, List<ProgressColumn> columns, LiveDisplayContext context)
    {
        private readonly Lock _lock = new();
        private readonly List<string> _rows = [];

        public IProgress<StepReport> Of(PlannedRun run) => new Line(this, run.Title);

        private void Show(string run, StepReport report)
        {
            lock (_lock)
            {
                var row = _rows.IndexOf(run);
                if (row < 0)
                {
                    row = _rows.Count;
                    _rows.Add(run);
                    table.AddRow([new Text(run), .. columns.Select(_ => new Text(""))]);
                }
                if (report.Step >= report.Steps)
                {
                    _rows.RemoveAt(row);
                    table.RemoveRow(row);
                }
                else
                {
                    foreach (var (i, column) in columns.Index()) table.UpdateCell(row, i + 1, new Text(column.Text(report)));
                }
                context.Refresh();
            }
        }

        private sealed class Line(View view, string run) : IProgress<StepReport>
        {
            public void Report(StepReport value) => view.Show(run, value);
        }
    }
}
