using System.Globalization;
using System.Text;

namespace FlowRL.Architecture;

/// <summary>The floors and their arrows as an SVG: the ground at the bottom, an arrow from a room to what it uses, none that others imply.</summary>
public static class Picture
{
    private const int BoxWidth = 224;
    private const int BoxHeight = 58;
    private const int StoreyHeight = 98;
    private const int Margin = 28;
    private const int PortGap = 20;

    /// <param name="edges">All that the law allows, see <see cref="FolderGraph.EdgesOf"/>.</param>
    /// <returns>The text of a file; the same for the same edges.</returns>
    public static string Of(IReadOnlyList<Edge> edges)
    {
        var layout = new Layout(FolderGraph.StoreysOf(edges), FolderGraph.ReducedOf(edges), BoxWidth);
        var spots = layout.Storeys.SelectMany(storey => storey).ToList();
        var left = spots.Min(spot => spot.X - spot.Width / 2) - Margin;
        foreach (var spot in spots) spot.X = Math.Round(spot.X - left);
        var apart = Math.Max(spots.Max(spot => spot.X), layout.Storeys[^1].Max(spot => spot.X) + BoxWidth + Margin); // beside the roof
        var width = (int)apart + BoxWidth / 2 + Margin;
        var height = (layout.Storeys.Count - 1) * StoreyHeight + BoxHeight + 2 * Margin;

        var svg = new StringBuilder(Head(width, height));
        foreach (var spot in spots.Where(spot => spot.Room is not null))
            foreach (var first in spot.Below) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"arrow\" d=\"{Arrow(spot, first, height)}\"/>\n");
        foreach (var spot in spots.Where(spot => spot.Room is not null)) svg.Append(Box(spot.Room!, spot.X, TopOf(spot, height), ""));
        svg.Append(Box(House.Apart, apart, Margin, " apart"));
        return svg.Append("</svg>\n").ToString();
    }

    private static string Head(int width, int height) => $$"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width}} {{height}}" width="{{width}}" height="{{height}}" role="img" aria-labelledby="title">
        <title id="title">The folders of src: each uses those below it</title>
        <style>
          text { font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif; text-anchor: middle }
          .name { font-size: 17px; font-weight: 600; fill: #1f2a37 }
          .purpose { font-size: 14px; fill: #4b5563 }
          .room { fill: #eef4fb; stroke: #9db4cf; stroke-width: 1.2 }
          .project { fill: #fdf3e3; stroke: #d9b77c; stroke-width: 1.2 }
          .apart { stroke-dasharray: 5 4 }
          .arrow { fill: none; stroke: #7b8aa0; stroke-width: 1.5; marker-end: url(#head) }
        </style>
        <defs>
          <marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto">
            <path d="M0,0.5 L8,4 L0,7.5 Z" fill="#7b8aa0"/>
          </marker>
        </defs>
        <rect width="{{width}}" height="{{height}}" fill="#ffffff"/>

        """;

    private static string Box(Room room, double x, double top, string more)
    {
        var kind = House.FolderOf(room.Name).Count(letter => letter == '/') == 1 && room.Name != House.Library ? "project" : "room";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <rect class="{kind}{more}" x="{x - BoxWidth / 2}" y="{top}" width="{BoxWidth}" height="{BoxHeight}" rx="7"/>
            <text class="name" x="{x}" y="{top + 24}">{room.Name}</text>
            <text class="purpose" x="{x}" y="{top + 45}">{room.Purpose}</text>

            """);
    }

    /// <summary>Down from a box, past the storeys in between, to the top of the box that it uses.</summary>
    private static string Arrow(Spot from, Spot first, int height)
    {
        var (x, y) = (Port(from, from.Below, first), TopOf(from, height) + BoxHeight);
        var path = new StringBuilder().Append(CultureInfo.InvariantCulture, $"M{x},{y}");
        for (Spot? above = from, next = first; next is not null; (above, next) = (next, next.Room is null ? next.Below[0] : null))
        {
            var (endX, endY) = (next.Room is null ? next.X : Port(next, next.Above, above), TopOf(next, height) - (next.Room is null ? 0 : 1));
            var middle = (y + endY) / 2;
            path.Append(CultureInfo.InvariantCulture, $" C{x},{middle} {endX},{middle} {endX},{endY}");
            (x, y) = (endX, endY + BoxHeight);
            if (next.Room is null) path.Append(CultureInfo.InvariantCulture, $" V{y}");
        }
        return path.ToString();
    }

    /// <summary>Arrows leave and reach a box side by side around its middle, in the order of what they come from or lead to.</summary>
    private static double Port(Spot box, List<Spot> ends, Spot end) =>
        box.X + (ends.OrderBy(one => one.X).ToList().IndexOf(end) - (ends.Count - 1) / 2.0) * PortGap;

    private static int TopOf(Spot spot, int height) => height - Margin - BoxHeight - spot.Storey * StoreyHeight;
}
