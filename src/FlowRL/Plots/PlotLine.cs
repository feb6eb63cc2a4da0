namespace FlowRL.Plots;

/// <summary>A line of a plot.</summary>
/// <param name="Color">Such as <c>#1f6fb4</c>.</param>
/// <param name="Points">Its points in order.</param>
/// <param name="Dash">Lengths of strokes and gaps; <c>none</c> for a whole line.</param>
internal sealed record PlotLine(string Color, IReadOnlyList<(double X, double Y)> Points, string Dash = "none");
