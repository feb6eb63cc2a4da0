namespace FlowRL.Cli;

/// <summary>Columns that stand under each other: the first to the left, numbers to the right.</summary>
internal static class TextTable
{
    /// <param name="rows">The heading first; rows of one cell are lines of their own.</param>
    public static string Of(IReadOnlyList<string[]> rows)
    {
        var columns = rows.Max(row => row.Length);
        var widths = Enumerable.Range(0, columns)
            .Select(column => rows.Where(row => row.Length > 1 && row.Length > column).Select(row => row[column].Length).DefaultIfEmpty().Max()).ToArray();
        return string.Join('\n', rows.Select(row => row.Length == 1 ? row[0] : string.Join("  ",
            row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd()));
    }
}
