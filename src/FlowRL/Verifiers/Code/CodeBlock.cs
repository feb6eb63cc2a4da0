namespace FlowRL.Verifiers.Code;

/// <summary>
/// A block of code in a text, by CommonMark's rules as far as models keep them: three or more backticks or tildes open it, as many or more of them, and
/// nothing else, close it. Models also indent the fence that closes, and forget it before they open the next; where the code itself could hold the line,
/// in a text of several lines, it does.
/// </summary>
/// <param name="Language">What the block names, in lower case; empty where it names nothing.</param>
/// <param name="Text">Its lines.</param>
/// <param name="IsClosed">Whether it ends before the text does.</param>
/// <param name="Line">Where it opens, counted from 0.</param>
internal sealed record CodeBlock(string Language, string Text, bool IsClosed, int Line)
{
    /// <summary>The blocks of a text that hold anything, in order.</summary>
    public static IReadOnlyList<CodeBlock> Of(IReadOnlyList<string> lines)
    {
        var blocks = new List<CodeBlock>();
        for (var at = 0; at < lines.Count;)
        {
            if (Fence.Opening(lines[at]) is not { } fence || fence.Language is "markdown" or "md") // whose blocks are ours
            {
                at++;
                continue;
            }
            var (end, isClosed) = End(lines, at + 1, fence);
            var inside = lines.Skip(at + 1).Take(end - at - 1).Select(fence.Unquoted).ToList();
            var indent = Math.Min(fence.Indent, inside.Find(line => line.Trim() != "") is { } first ? Fence.IndentOf(first) : 0);
            var text = string.Join('\n', inside.Select(line => line[Math.Min(indent, Fence.IndentOf(line))..]));
            if (text.Trim() != "") blocks.Add(new CodeBlock(fence.Language, text, isClosed, at));
            at = end < lines.Count && fence.IsClosedBy(fence.Unquoted(lines[end])) ? end + 1 : end;
        }
        return blocks;
    }

    /// <summary>The line that closes a block or opens the next, and whether there is one.</summary>
    private static (int Line, bool IsClosed) End(IReadOnlyList<string> lines, int from, Fence fence)
    {
        var (quotes, within) = (new Quotes(), (int?)null);
        for (var at = from; at < lines.Count; at++)
        {
            var line = fence.Unquoted(lines[at]);
            var closes = fence.IsClosedBy(line);
            if (!quotes.AreOpen && (closes || fence.IsFollowedBy(line))) return (at, true);
            if (closes && Fence.IndentOf(line) < fence.Indent + 4) within ??= at;
            quotes.Read(line);
        }
        return within is { } closing ? (closing, true) : (lines.Count, false);
    }

    /// <param name="Mark">The character.</param>
    /// <param name="Length">How many of it.</param>
    /// <param name="Indent">Characters before it, which the lines of the block may have as well.</param>
    /// <param name="Language">What it names, in lower case; empty where it names nothing.</param>
    /// <param name="IsQuoted">Whether the block is in a quotation, each line of which begins with a sign.</param>
    private readonly record struct Fence(char Mark, int Length, int Indent, string Language, bool IsQuoted)
    {
        private const int Shortest = 3;

        public static Fence? Opening(string line)
        {
            var isQuoted = line.TrimStart().StartsWith('>');
            var own = isQuoted ? WithoutQuote(line) : line;
            var text = own.Trim();
            if (text is ['`' or '~', ..]) return At(own, IndentOf(own)) is { } fence ? fence with { IsQuoted = isQuoted } : null;
            // Behind the sign of a list, or behind words: only where it names a language, since there may be code within a line.
            var mark = own.LastIndexOf("```", StringComparison.Ordinal);
            while (mark > 0 && own[mark - 1] == '`') mark--;
            if (mark <= 0 || At(own, mark) is not { Language: not "" } behind) return null;
            if (own[(mark + behind.Length)..].Trim().Length != behind.Language.Length) return null;
            return behind with { Indent = IsListSign(own[..mark].Trim()) ? mark : 0, IsQuoted = isQuoted };
        }

        public bool IsClosedBy(string line)
        {
            var text = line.Trim();
            return text.Length >= Length && text[0] == Mark && Run(text) == text.Length;
        }

        /// <summary>Whether a line opens another block, which no line of code does.</summary>
        public bool IsFollowedBy(string line) =>
            line.TrimStart() is ['`' or '~', ..] && Opening(line) is { Language: not "" } next && next.Mark == Mark && next.Length >= Length;

        public string Unquoted(string line) => IsQuoted ? WithoutQuote(line) : line;

        public static int IndentOf(string line) => line.Length - line.TrimStart().Length;

        private static Fence? At(string line, int from)
        {
            var text = line[from..].TrimEnd();
            var (length, rest) = (Run(text), text[Run(text)..]);
            // Code within a line may have three backticks too.
            return length < Shortest || (text[0] == '`' && rest.Contains('`', StringComparison.Ordinal)) ? null
                : new Fence(text[0], length, from, Name(rest), IsQuoted: false);
        }

        private static bool IsListSign(string text) => text is "-" or "*" or "+" ||
            (text is [.. var digits, '.' or ')'] && digits != "" && digits.All(char.IsAsciiDigit));

        private static string WithoutQuote(string line)
        {
            var text = line.TrimStart();
            return text is ['>', ' ', ..] ? text[2..] : text is ['>', ..] ? text[1..] : line;
        }

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

    /// <summary>Whether code, read line by line, is within a text of several lines: in triple quotes, which Python and C# have.</summary>
    private sealed class Quotes
    {
        private char _open;

        public bool AreOpen => _open != '\0';

        public void Read(string line)
        {
            var quote = '\0'; // of a text that ends in its line
            for (var at = 0; at < line.Length; at++)
            {
                var (sign, isTriple) = (line[at], IsTriple(line, at));
                if (sign == '\\') at++;
                else if (AreOpen)
                {
                    if (!isTriple || sign != _open) continue;
                    _open = '\0';
                    at += 2;
                }
                else if (quote != '\0') quote = sign == quote ? '\0' : quote;
                else if (isTriple)
                {
                    _open = sign;
                    at += 2;
                }
                else if (sign is '\'' or '"') quote = sign;
                else if (sign == '#' || (sign == '/' && line.AsSpan(at).StartsWith("// "))) return;
            }
        }

        private static bool IsTriple(string line, int at) =>
            line[at] is '\'' or '"' && at + 2 < line.Length && line[at + 1] == line[at] && line[at + 2] == line[at];
    }
}
