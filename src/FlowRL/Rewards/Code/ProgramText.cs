namespace FlowRL.Rewards.Code;

/// <summary>Finds the program in a response.</summary>
public static class ProgramText
{
    private const string Fence = "```";
    private const string ThinkingEnd = "</think>";

    /// <summary>
    /// The last fenced block of the language, after the last closing think tag where there is one; a block without a language counts. A block that the
    /// response's end cuts off counts last. Without any fence the whole text is the program.
    /// </summary>
    /// <param name="response">What a model wrote.</param>
    /// <param name="language">Whose program is looked for.</param>
    /// <returns>The program; null where there are fences, but none of the language.</returns>
    public static string? Find(string response, CodeLanguage language)
    {
        var text = response.LastIndexOf(ThinkingEnd, StringComparison.Ordinal) is >= 0 and var end ? response[(end + ThinkingEnd.Length)..] : response;
        string? found = null, cut = null;
        var fenced = false;
        using var lines = new StringReader(text);
        while (lines.ReadLine() is { } line)
        {
            if (!line.TrimStart().StartsWith(Fence, StringComparison.Ordinal)) continue;
            fenced = true;
            var isWanted = IsOf(line.Trim().Trim('`').Trim(), language);
            var (block, isClosed) = Block(lines);
            if (isWanted && isClosed) found = block;
            else if (isWanted) cut = block;
        }
        return found ?? cut ?? (fenced ? null : text);
    }

    private static (string Text, bool IsClosed) Block(StringReader lines)
    {
        var block = new List<string>();
        while (lines.ReadLine() is { } line)
        {
            if (line.Trim() == Fence) return (string.Join('\n', block), true);
            block.Add(line);
        }
        return (string.Join('\n', block), false);
    }

    private static bool IsOf(string tag, CodeLanguage language) => tag == "" || language switch
    {
        CodeLanguage.Python => tag.ToLowerInvariant() is "python" or "py" or "python3",
        CodeLanguage.CSharp => tag.ToLowerInvariant() is "csharp" or "cs" or "c#",
        _ => false,
    };
}
