namespace FlowRL.Evaluation;

/// <summary>Texts as the measures that know no classes see them: words, and runs of words.</summary>
internal static class TextWords
{
    /// <summary>Runs of letters and digits, and every other character but white space alone.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && char.IsLetterOrDigit(text[i])) i++;
            if (i > start) words.Add(text[start..i]);
            else if (!char.IsWhiteSpace(text[i++])) words.Add(text[start..i]);
        }
        return words;
    }

    /// <summary>How often each run of <paramref name="length"/> words stands in a text.</summary>
    public static IReadOnlyDictionary<string, int> Runs(IReadOnlyList<string> words, int length)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i + length <= words.Count; i++)
        {
            var run = string.Join(' ', words.Skip(i).Take(length)); // no word holds white space
            counts[run] = counts.GetValueOrDefault(run) + 1;
        }
        return counts;
    }
}
