using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// What tells one program from another: its tokens without comments and layout, with the names that it binds itself numbered in their order. Programs
/// that differ only in these are the same.
/// </summary>
internal static partial class ProgramIdentity
{
    private const int Longest = 1 << 14;

    /// <summary>An identity, equal for programs that differ only in names, layout and comments.</summary>
    public static string Of(string program, CodeLanguage language)
    {
        var text = program.Length > Longest ? program[..Longest] : program;
        var bound = language == CodeLanguage.Python ? Bound(text) : [];
        var names = new Dictionary<string, string>();
        var identity = new StringBuilder();
        var (depth, indents) = (0, new Stack<int>([0]));
        foreach (var line in text.Split('\n'))
        {
            if (Significant(line, language) is not { Length: > 0 } code) continue;
            if (language == CodeLanguage.Python && depth == 0) Indent(code, indents, identity);
            foreach (var match in Token().EnumerateMatches(code))
            {
                var token = code.Substring(match.Index, match.Length);
                depth += token is "(" or "[" or "{" ? 1 : token is ")" or "]" or "}" ? -1 : 0;
                if (bound.Contains(token) && !IsAttribute(code, match.Index))
                {
                    if (!names.TryGetValue(token, out var name)) names[token] = name = string.Create(CultureInfo.InvariantCulture, $"v{names.Count}");
                    token = name;
                }
                identity.Append(token).Append(' ');
            }
            if (depth <= 0) identity.Append('\n');
        }
        return identity.ToString();
    }

    private static string Significant(string line, CodeLanguage language)
    {
        var comment = (language == CodeLanguage.Python ? PythonComment() : CSharpComment()).Match(line);
        return (comment.Success ? comment.Groups[1].Value : line).TrimEnd();
    }

    private static void Indent(string line, Stack<int> indents, StringBuilder identity)
    {
        var width = line.Length - line.TrimStart().Length;
        if (width > indents.Peek())
        {
            indents.Push(width);
            identity.Append("> ");
        }
        while (width < indents.Peek())
        {
            indents.Pop();
            identity.Append("< ");
        }
    }

    private static bool IsAttribute(string line, int at) => line[..at].TrimEnd().EndsWith('.');

    /// <summary>Names that the program gives: parameters, targets of assignments and loops, lambdas, functions.</summary>
    private static HashSet<string> Bound(string text)
    {
        var bound = new HashSet<string>();
        foreach (Match binding in Binding().Matches(text))
        {
            foreach (var name in Name().Matches(binding.Value).Select(match => match.Value)) bound.Add(name);
        }
        bound.ExceptWith(["def", "for", "in", "lambda", "as", "class", "import", "True", "False", "None"]);
        return bound;
    }

    [GeneratedRegex(@"^((?:[^#'""]|'[^']*'|""[^""]*"")*)#.*$", RegexOptions.NonBacktracking)]
    private static partial Regex PythonComment();

    [GeneratedRegex(@"^((?:[^/""]|/[^/]|""[^""]*"")*)//.*$", RegexOptions.NonBacktracking)]
    private static partial Regex CSharpComment();

    [GeneratedRegex(@"[A-Za-z_]\w*|\d+(\.\d+)?|'[^']*'|""[^""]*""|\*\*|//|[<>=!+\-*/%&|^]=|<<|>>|->|\S", RegexOptions.NonBacktracking)]
    private static partial Regex Token();

    [GeneratedRegex(@"def\s+\w+\s*\([^()]*\)|lambda\s[^:]*:|for\s[^:]*?\sin\s|^[ \t]*[\w, ]+?\s*=[^=]", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Binding();

    [GeneratedRegex(@"[A-Za-z_]\w*", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
