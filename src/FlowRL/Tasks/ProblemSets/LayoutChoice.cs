using FlowRL.Data;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>Recognises the layout of a file's rows from its first ones, so that one odd row decides nothing.</summary>
internal static class LayoutChoice
{
    /// <summary>Rows that are looked at.</summary>
    public const int Rows = 16;

    /// <summary>The most particular layout that fits half or more of those rows that fit any; null where no row fits any.</summary>
    /// <param name="known">Most particular first.</param>
    /// <param name="first">The first rows.</param>
    /// <param name="fits">Whether a row is of a layout.</param>
    public static T? Of<T>(IReadOnlyList<T> known, IReadOnlyList<DataRow> first, Func<T, DataRow, bool> fits) where T : class
    {
        var rows = first.Where(row => known.Any(layout => fits(layout, row))).ToList();
        if (rows.Count == 0) return null;
        var counts = known.Select(layout => (Layout: layout, Count: rows.Count(row => fits(layout, row)))).ToList();
        return counts.FirstOrDefault(pair => 2 * pair.Count >= rows.Count).Layout ?? counts.MaxBy(pair => pair.Count).Layout;
    }
}
