namespace FlowRL.Verifiers.Code;

/// <summary>Finds the program in a response.</summary>
internal static class ProgramText
{
    internal const char ByteOrderMark = '\uFEFF';
    private const string ThinkingStart = "<think>", ThinkingEnd = "</think>";

    /// <summary>
    /// The last fenced block of the language, after the last closing think tag where there is one; where none names it, the last block that names no
    /// language. A block that the response's end cuts off counts last. Without any fence the whole text is the program.
    /// </summary>
    /// <param name="response">What a model wrote.</param>
    /// <param name="language">Whose program is looked for.</param>
    /// <returns>The program; null where there are fences, but none of the language, or where the response is unfinished thinking.</returns>
    public static string? Find(string response, CodeLanguage language)
    {
        var (text, blocks, isThinking) = Read(response);
        if (isThinking) return null;
        string? named = null, nameless = null, cut = null;
        foreach (var block in blocks)
        {
            var isNamed = IsOf(block.Language, language);
            if (!isNamed && block.Language != "") continue;
            if (!block.IsClosed) cut = block.Text;
            else if (isNamed) named = block.Text;
            else nameless = block.Text;
        }
        return named ?? nameless ?? cut ?? (blocks.Count > 0 ? null : text);
    }

    /// <summary>Whether a response ends in its thinking: what it drafts there is not its answer.</summary>
    public static bool IsThinking(string response) => Read(response).IsThinking;

    private static (string Text, IReadOnlyList<CodeBlock> Blocks, bool IsThinking) Read(string response)
    {
        var text = response.LastIndexOf(ThinkingEnd, StringComparison.Ordinal) is >= 0 and var end ? response[(end + ThinkingEnd.Length)..] : response;
        text = text.TrimStart(ByteOrderMark);
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var blocks = CodeBlock.Of(lines);
        // Within a program the word may be a text.
        var isThinking = blocks.Count == 0 ? text.TrimStart().StartsWith(ThinkingStart, StringComparison.Ordinal)
            : lines.Take(blocks[0].Line + 1).Any(line => line.Contains(ThinkingStart, StringComparison.Ordinal));
        return (text, blocks, isThinking);
    }

    private static bool IsOf(string name, CodeLanguage language) => language switch
    {
        CodeLanguage.Python => name is "python" or "py" or "python3" or "py3" or "pypy" or "pypy3" or "ipython" or "ipython3" or "cpython",
        CodeLanguage.CSharp => name is "csharp" or "cs" or "c#",
        _ => false,
    };
}
