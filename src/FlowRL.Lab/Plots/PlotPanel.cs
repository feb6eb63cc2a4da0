using System.Globalization;
using System.Net;
using System.Text;

namespace FlowRL.Lab.Plots;

/// <summary>A rectangle of an SVG picture with a title, two axes, and lines or bars.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis; a pale line marks each tick.</param>
internal sealed record PlotPanel(string Title, PlotAxis X, PlotAxis Y)
{
    public const int Width = 400, Height = 280, Left = 56;
    private const int Right = 16, Top = 34, Bottom = 46;

    /// <summary>Title and axes.</summary>
    public void Frame(StringBuilder svg, int left, int top)
    {
        svg.Append(Text($"<text x=\"{left + Left}\" y=\"{top + 20}\" font-weight=\"bold\">{WebUtility.HtmlEncode(Title)}</text>\n"));
        foreach (var (value, label) in Y.Ticks)
        {
            var y = Vertical(value, top);
            svg.Append(Text($"<line x1=\"{left + Left:F1}\" y1=\"{y:F1}\" x2=\"{left + Width - Right:F1}\" y2=\"{y:F1}\" stroke=\"#ddd\"/>"))
                .Append(Text($"<text x=\"{left + Left - 6:F1}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{WebUtility.HtmlEncode(label)}</text>\n"));
        }
        foreach (var (value, label) in X.Ticks)
        {
            svg.Append(Text($"<text x=\"{Horizontal(value, left):F1}\" y=\"{top + Height - Bottom + 18}\" text-anchor=\"middle\">") +
                $"{WebUtility.HtmlEncode(label)}</text>\n");
        }
    }

    /// <summary>A line, with a dot at each point where it has few.</summary>
    public void Line(StringBuilder svg, PlotLine line, int left, int top)
    {
        const int manyPoints = 40;
        var places = line.Points.Select(point => (X: Horizontal(point.X, left), Y: Vertical(point.Y, top))).ToList();
        svg.Append(Text($"<polyline points=\"{string.Join(' ', places.Select(place => Text($"{place.X:F1},{place.Y:F1}")))}\" fill=\"none\" "))
            .Append(Text($"stroke=\"{line.Color}\" stroke-width=\"2\" stroke-dasharray=\"{line.Dash}\"/>"));
        if (places.Count <= manyPoints)
            foreach (var (x, y) in places) svg.Append(Text($"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"3\" fill=\"{line.Color}\"/>"));
        svg.Append('\n');
    }

    /// <summary>A bar from the axis to a value, with a whisker of <paramref name="error"/> both ways.</summary>
    public void Bar(StringBuilder svg, string color, (double Low, double High) x, double value, double? error, int left, int top)
    {
        var (begin, end, y) = (Horizontal(x.Low, left), Horizontal(x.High, left), Vertical(value, top));
        svg.Append(Text($"<rect x=\"{begin:F1}\" y=\"{y:F1}\" width=\"{end - begin:F1}\" height=\"{Vertical(Y.Low, top) - y:F1}\" fill=\"{color}\"/>"));
        if (error is { } length)
        {
            var middle = (begin + end) / 2;
            svg.Append(Text($"<line x1=\"{middle:F1}\" y1=\"{Vertical(value - length, top):F1}\" x2=\"{middle:F1}\" "))
                .Append(Text($"y2=\"{Vertical(value + length, top):F1}\" stroke=\"#222\"/>"));
        }
        svg.Append('\n');
    }

    /// <summary>Whiskers both ways around a point.</summary>
    public void Cross(
        StringBuilder svg, string color, (double Low, double Middle, double High) x, (double Low, double Middle, double High) y, int left, int top)
    {
        var (across, up) = (Horizontal(x.Middle, left), Vertical(y.Middle, top));
        svg.Append(Text($"<line x1=\"{Horizontal(x.Low, left):F1}\" y1=\"{up:F1}\" x2=\"{Horizontal(x.High, left):F1}\" y2=\"{up:F1}\" stroke=\"{color}\"/>"))
            .Append(Text($"<line x1=\"{across:F1}\" y1=\"{Vertical(y.Low, top):F1}\" x2=\"{across:F1}\" y2=\"{Vertical(y.High, top):F1}\" "))
            .Append(Text($"stroke=\"{color}\"/>\n"));
    }

    /// <summary>A ring around a point that is on no line.</summary>
    public void Ring(StringBuilder svg, string color, (double X, double Y) point, int left, int top) =>
        svg.Append(Text($"<circle cx=\"{Horizontal(point.X, left):F1}\" cy=\"{Vertical(point.Y, top):F1}\" r=\"5\" fill=\"white\" stroke=\"{color}\"/>\n"));

    /// <summary>Invariant text, as SVG wants numbers.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double Horizontal(double value, int left) => left + Left + X.Share(value) * (Width - Left - Right);

    private double Vertical(double value, int top) => top + Height - Bottom - Y.Share(value) * (Height - Top - Bottom);
}

/// <summary>A line of a plot.</summary>
/// <param name="Color">Such as <c>#1f6fb4</c>.</param>
/// <param name="Points">Its points in order.</param>
/// <param name="Dash">Lengths of strokes and gaps; <c>none</c> for a whole line.</param>
internal sealed record PlotLine(string Color, IReadOnlyList<(double X, double Y)> Points, string Dash = "none");

/// <summary>The frame of an SVG picture that stands alone.</summary>
internal static class SvgPicture
{
    public static StringBuilder Begin(int width, int height) => new StringBuilder()
        .Append(PlotPanel.Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "))
        .Append("font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n")
        .Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");

    public static string End(StringBuilder svg) => svg.Append("</svg>\n").ToString();
}
