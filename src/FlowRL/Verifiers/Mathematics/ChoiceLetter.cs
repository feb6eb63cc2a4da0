using System.Text.RegularExpressions;
using FlowRL.Verifiers.Mathematics.Reading;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// A choice of several, with its text where it has one: B, (B), \text{(B)}, \textbf{(C) } 12, B. 12, option B. A letter alone can also be a name.
/// </summary>
/// <param name="Letter">A to J.</param>
/// <param name="Text">What follows the letter; empty where nothing does.</param>
internal readonly partial record struct ChoiceLetter(char Letter, string Text)
{
    private const int Longest = 400;

    private static readonly string[] Introductions = ["the correct ", "the ", "correct ", "option ", "choice ", "answer ", "is ", "选项", "选", "答案"];

    /// <summary>The choice that an answer consists of or begins with; null for any other answer.</summary>
    /// <param name="answer">In plain typography.</param>
    public static ChoiceLetter? Of(string answer)
    {
        if (answer.Length > Longest) return null;
        var at = 0;
        var isMarked = SkipIntroduction(answer, ref at);
        var isBracketed = SkipWrappers(answer, ref at);
        if (at == answer.Length || answer[at] is not ((>= 'A' and <= 'J') or (>= 'a' and <= 'e'))) return null;
        if (at + 1 < answer.Length && char.IsLetterOrDigit(answer[at + 1])) return null;
        var letter = answer[at++];
        var closes = false;
        for (; at < answer.Length && answer[at] is ')' or ']' or '}' or '.' or ':' or '*' or '$' or ' ' or '~' or ','; at++)
        {
            if (answer[at] == ',') return null; // A, B
            closes |= answer[at] is ')' or ']';
            isMarked |= answer[at] is ')' or ']' or '.' or ':';
        }
        // A small letter is a name, except in brackets.
        if (char.IsAsciiLetterLower(letter) && !(isBracketed && closes)) return null;
        var text = answer[at..].Trim();
        if (text.Length == 0) return new(char.ToUpperInvariant(letter), "");
        return isMarked && !Another().IsMatch(text) ? new(char.ToUpperInvariant(letter), text) : null;
    }

    private static bool SkipIntroduction(string answer, ref int at)
    {
        var skipped = false;
        foreach (var introduction in Introductions)
        {
            if (string.Compare(answer, at, introduction, 0, introduction.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            at += introduction.Length;
            skipped = introduction is not ("the " or "is ");
        }
        return skipped;
    }

    /// <summary>Skips brackets, braces and commands of type; gives whether a bracket was open at the end.</summary>
    private static bool SkipWrappers(string answer, ref int at)
    {
        var isBracketed = false;
        for (; at < answer.Length; at++)
        {
            if (answer[at] is '(' or '[') isBracketed = true;
            else if (answer[at] == '\\')
            {
                var end = at + 1;
                while (end < answer.Length && char.IsAsciiLetter(answer[end])) end++;
                if (!Notation.Texts.Contains(answer[(at + 1)..end]) && !Notation.Ignored.Contains(answer[(at + 1)..end])) return isBracketed;
                at = end - 1;
            }
            else if (answer[at] is not ('{' or '$' or '*' or '~' or ' ' or '.')) return isBracketed;
        }
        return isBracketed;
    }

    /// <summary>"or (B)", "B: 2": more than one choice.</summary>
    [GeneratedRegex(@"^(\\text\{ *)?(or|and|,|或|和)([^a-z]|$)|(^|[ ,;(])[A-J][):]", RegexOptions.NonBacktracking)]
    private static partial Regex Another();
}
