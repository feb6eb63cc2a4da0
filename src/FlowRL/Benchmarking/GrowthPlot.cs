using System.Globalization;
using System.Net;
using System.Text;

namespace FlowRL.Benchmarking;

/// <summary>Growth as an SVG picture that stands alone: a panel an axis, logarithmic both ways, each line relative to its first point.</summary>
public static class GrowthPlot
{
    private const int PanelWidth = 400, PanelHeight = 280, Left = 56, Right = 16, Top = 34, Bottom = 46, Columns = 2, Legend = 34;

    private static readonly (string Label, string Color, string Dash)[] Lines =
    [
        ("sampling, seconds", "#1f6fb4", "none"), ("training, seconds", "#c4541a", "none"),
        ("sampling, bytes", "#1f6fb4", "6 4"), ("training, bytes", "#c4541a", "6 4"),
    ];

    /// <summary>The picture as text.</summary>
    public static string Svg(GrowthReport report)
    {
        var rows = (report.Axes.Count + Columns - 1) / Columns;
        var (width, height) = (Columns * PanelWidth, rows * PanelHeight + Legend);
        var svg = new StringBuilder();
        svg.Append(Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "))
            .Append("font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        foreach (var (i, axis) in report.Axes.Index()) Panel(svg, axis, i % Columns * PanelWidth, i / Columns * PanelHeight);
        foreach (var (i, line) in Lines.Index())
        {
            var (x, y) = (Left + i * (width - Left) / Lines.Length, height - Legend / 2);
            svg.Append(Text($"<line x1=\"{x}\" y1=\"{y}\" x2=\"{x + 30}\" y2=\"{y}\" stroke=\"{line.Color}\" stroke-width=\"2\" stroke-dasharray=\"{line.Dash}\"/>"))
                .Append(Text($"<text x=\"{x + 36}\" y=\"{y + 4}\">{line.Label}</text>\n"));
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, GrowthReport.Axis axis, int left, int top)
    {
        var series = GrowthReport.Quantities.Select(quantity =>
            axis.Points.Select(point => (X: point.Size, Y: quantity.Of(point) / quantity.Of(axis.Points[0]))).ToList()).ToList();
        var (lowX, highX) = (axis.Points.Min(point => point.Size), axis.Points.Max(point => point.Size));
        var (lowY, highY) = (Math.Min(0.9, series.Min(line => line.Min(point => point.Y))), Math.Max(2, series.Max(line => line.Max(point => point.Y))) * 1.1);
        double X(double value) => left + Left + Share(value, lowX, highX) * (PanelWidth - Left - Right);
        double Y(double value) => top + PanelHeight - Bottom - Share(value, lowY, highY) * (PanelHeight - Top - Bottom);

        svg.Append(Text($"<text x=\"{left + Left}\" y=\"{top + 20}\" font-weight=\"bold\">with {WebUtility.HtmlEncode(axis.Name)}</text>\n"));
        foreach (var tick in Ticks(lowY, highY))
        {
            svg.Append(Text($"<line x1=\"{X(lowX):F1}\" y1=\"{Y(tick):F1}\" x2=\"{X(highX):F1}\" y2=\"{Y(tick):F1}\" stroke=\"#ddd\"/>"))
                .Append(Text($"<text x=\"{X(lowX) - 6:F1}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:0.##}×</text>\n"));
        }
        foreach (var point in axis.Points)
        {
            svg.Append(Text($"<text x=\"{X(point.Size):F1}\" y=\"{top + PanelHeight - Bottom + 18}\" text-anchor=\"middle\">{Short(point.Size)}</text>\n"));
        }
        foreach (var (line, (_, color, dash)) in series.Zip(Lines))
        {
            var places = string.Join(' ', line.Select(point => Text($"{X(point.X):F1},{Y(point.Y):F1}")));
            svg.Append(Text($"<polyline points=\"{places}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>"));
            foreach (var point in line) svg.Append(Text($"<circle cx=\"{X(point.X):F1}\" cy=\"{Y(point.Y):F1}\" r=\"3\" fill=\"{color}\"/>"));
            svg.Append('\n');
        }
    }

    private static double Share(double value, double low, double high) => high > low ? Math.Log(value / low) / Math.Log(high / low) : 0.5;

    private static IEnumerable<double> Ticks(double low, double high) =>
        Enumerable.Range(-3, 30).Select(power => Math.Pow(2, power)).Where(tick => tick >= low && tick <= high);

    private static string Short(double value) => value >= 1e6 ? Text($"{value / 1e6:0.#}M") : value >= 1e4 ? Text($"{value / 1e3:0.#}k") : Text($"{value:0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
