using System.Text;
using FlowRL.Lab.Plots;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Growth as an SVG picture that stands alone: a panel an axis, logarithmic both ways, each line relative to its first point.</summary>
public static class GrowthPlot
{
    private const int Columns = 2, Legend = 34;

    private static readonly (string Label, string Color, string Dash)[] Lines =
    [
        ("sampling, seconds", "#1f6fb4", "none"), ("training, seconds", "#c4541a", "none"),
        ("sampling, bytes", "#1f6fb4", "6 4"), ("training, bytes", "#c4541a", "6 4"),
    ];

    /// <summary>The picture as text.</summary>
    public static string Svg(GrowthReport report)
    {
        var rows = (report.Axes.Count + Columns - 1) / Columns;
        var (width, height) = (Columns * PlotPanel.Width, rows * PlotPanel.Height + Legend);
        var svg = SvgPicture.Begin(width, height);
        foreach (var (i, axis) in report.Axes.Index()) Panel(svg, axis, i % Columns * PlotPanel.Width, i / Columns * PlotPanel.Height);
        foreach (var (i, line) in Lines.Index())
        {
            var (x, y) = (PlotPanel.Left + i * (width - PlotPanel.Left) / Lines.Length, height - Legend / 2);
            svg.Append(PlotPanel.Text($"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 30}\" y2=\"{y}\" "))
                .Append($"stroke=\"{line.Color}\" stroke-width=\"2\" stroke-dasharray=\"{line.Dash}\"/>")
                .Append(PlotPanel.Text($"<text x=\"{x + 36}\" y=\"{y + 4}\">{line.Label}</text>\n"));
        }
        return SvgPicture.End(svg);
    }

    private static void Panel(StringBuilder svg, GrowthReport.Axis axis, int left, int top)
    {
        var series = GrowthReport.Quantities.Select(quantity =>
            axis.Points.Select(point => (X: point.Size, Y: quantity.Of(point) / quantity.Of(axis.Points[0]))).ToList()).ToList();
        var (lowX, highX) = (axis.Points.Min(point => point.Size), axis.Points.Max(point => point.Size));
        var (lowY, highY) = (Math.Min(0.9, series.Min(line => line.Min(point => point.Y))), Math.Max(2, series.Max(line => line.Max(point => point.Y))) * 1.1);
        var panel = new PlotPanel($"with {axis.Name}",
            new PlotAxis(lowX, highX, true, [.. axis.Points.Select(point => (point.Size, Short(point.Size)))]),
            new PlotAxis(lowY, highY, true, [.. Ticks(lowY, highY).Select(tick => (tick, PlotPanel.Text($"{tick:0.##}×")))]));
        panel.Frame(svg, left, top);
        foreach (var (points, (_, color, dash)) in series.Zip(Lines)) panel.Line(svg, new PlotLine(color, points, dash), left, top);
    }

    private static IEnumerable<double> Ticks(double low, double high) =>
        Enumerable.Range(-3, 30).Select(power => Math.Pow(2, power)).Where(tick => tick >= low && tick <= high);

    private static string Short(double value) => value switch
    {
        >= 1e6 => PlotPanel.Text($"{value / 1e6:0.#}M"),
        >= 1e4 => PlotPanel.Text($"{value / 1e3:0.#}k"),
        _ => PlotPanel.Text($"{value:0}"),
    };
}
