namespace FlowRL.Verifiers.Code;

/// <summary>Finds the program in a response.</summary>
internal static class ProgramText
{
    internal const char ByteOrderMark = '\uFEFF';
    private const string ThinkingEnd = "</think>";

    /// <summary>
    /// The last fenced block of the language, after the last closing think tag where there is one; where none names it, the last block that names no
    /// language. A block that the response's end cuts off counts last. Without any fence the whole text is the program.
    /// </summary>
    /// <param name="response">What a model wrote.</param>
    /// <param name="language">Whose program is looked for.</param>
    /// <returns>The program; null where there are fences, but none of the language.</returns>
    public static string? Find(string response, CodeLanguage language)
    {
        var text = response.LastIndexOf(ThinkingEnd, StringComparison.Ordinal) is >= 0 and var end ? response[(end + ThinkingEnd.Length)..] : response;
        text = text.TrimStart(ByteOrderMark);
        string? named = null, nameless = null, cut = null;
        var fenced = false;
        using var lines = new StringReader(text);
        while (lines.ReadLine() is { } line)
        {
            if (Fence.Opening(line) is not { } fence) continue;
            fenced = true;
            var (block, isClosed) = Block(lines, fence);
            var isNamed = IsOf(fence.Language, language);
            if (!isNamed && fence.Language != "") continue;
            if (!isClosed) cut = block;
            else if (isNamed) named = block;
            else nameless = block;
        }
        return named ?? nameless ?? cut ?? (fenced ? null : text);
    }

    private static (string Text, bool IsClosed) Block(StringReader lines, Fence fence)
    {
        var block = new List<string>();
        while (lines.ReadLine() is { } line)
        {
            if (fence.IsClosedBy(line)) return (string.Join('\n', block), true);
            block.Add(line[Math.Min(fence.Indent, Fence.IndentOf(line))..]);
        }
        return (string.Join('\n', block), false);
    }

    private static bool IsOf(string name, CodeLanguage language) => language switch
    {
        CodeLanguage.Python => name is "python" or "py" or "python3",
        CodeLanguage.CSharp => name is "csharp" or "cs" or "c#",
        _ => false,
    };

    /// <summary>
    /// The line that opens a block of code, by CommonMark's rules: three or more backticks or tildes. As many or more of them, and nothing else, close it,
    /// indented by less than four characters more: what is indented further may be a fence within the program's own documentation.
    /// </summary>
    /// <param name="Mark">The character.</param>
    /// <param name="Length">How many of it.</param>
    /// <param name="Indent">Characters before it, which the lines of the block have as well.</param>
    /// <param name="Language">What it names, in lower case; empty where it names nothing.</param>
    private readonly record struct Fence(char Mark, int Length, int Indent, string Language)
    {
        private const int Shortest = 3;

        public static Fence? Opening(string line)
        {
            var text = line.Trim();
            if (text is not ['`' or '~', ..]) return null;
            var length = Run(text);
            var rest = text[length..];
            // Code within a line may have three backticks too.
            if (length < Shortest || (text[0] == '`' && rest.Contains('`', StringComparison.Ordinal))) return null;
            return new Fence(text[0], length, IndentOf(line), Name(rest));
        }

        public bool IsClosedBy(string line)
        {
            var text = line.Trim();
            return text.Length >= Length && text[0] == Mark && Run(text) == text.Length && IndentOf(line) < Indent + 4;
        }

        public static int IndentOf(string line) => line.Length - line.TrimStart().Length;

        private static int Run(string text) => text.Length - text.TrimStart(text[0]).Length;

        // Behind the name there may be a title, a file or a version; around it, brackets.
        private static string Name(string info)
        {
            var from = info.TrimStart(' ', '\t', '{', '.');
            var end = 0;
            while (end < from.Length && (char.IsLetterOrDigit(from[end]) || from[end] is '#' or '+' or '-' or '_')) end++;
            return from[..end].ToLowerInvariant();
        }
    }
}
