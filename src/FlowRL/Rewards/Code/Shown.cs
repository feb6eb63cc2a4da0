namespace FlowRL.Rewards.Code;

/// <summary>Values of programs in messages.</summary>
internal static class Shown
{
    /// <summary>A text in quotes on one line, cut where it is long.</summary>
    public static string Of(string text)
    {
        var line = text.Trim().ReplaceLineEndings("\\n");
        return $"'{(line.Length > 80 ? line[..80] + "..." : line)}'";
    }
}
