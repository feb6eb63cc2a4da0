using System.Text;

namespace FlowRL.Plots;

/// <summary>The frame of an SVG picture that stands alone.</summary>
internal static class SvgPicture
{
    public static StringBuilder Begin(int width, int height) => new StringBuilder()
        .Append(PlotPanel.Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" "))
        .Append("font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n")
        .Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");

    public static string End(StringBuilder svg) => svg.Append("</svg>\n").ToString();
}
