using System.Text.RegularExpressions;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>What stands in the boxes of a response, \boxed{} and \fbox{}; in time linear in its length.</summary>
internal static partial class BoxedAnswer
{
    private const int MostJoined = 20;
    private const int LongestConnection = 80;
    private const int LongestJoined = 1000;

    private static readonly AnswerRules Rules = new();

    /// <summary>The content of the box that opens last among those that close and are not empty, or of those joined with it; null without boxes.</summary>
    public static string? Of(string text, BoxRule rule)
    {
        var boxes = Boxes(text);
        if (boxes.Count == 0) return Unbraced(text);
        var last = boxes.MaxBy(box => box.Start)!;
        return rule == BoxRule.Last ? Content(text, last) : Joined(text, boxes, last);
    }

    /// <summary>What the boxes of an answer hold that is no box as a whole; null without boxes.</summary>
    public static string? In(string answer) => answer.Contains("\\boxed{", StringComparison.Ordinal) || answer.Contains("\\fbox{", StringComparison.Ordinal)
        ? Of(answer, BoxRule.Joined) : null;

    private static string Content(string text, Box box) => text[box.Start..box.End].Trim();

    /// <summary>All boxes that close and are not empty, in the order in which they close.</summary>
    private static List<Box> Boxes(string text)
    {
        var boxes = new List<Box>();
        var opened = new Stack<(int Command, int Start)>(); // for braces of no box the command is −1
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++; // \{ and \} are signs; a command's name holds no brace
            else if (text[i] == '{') opened.Push((CommandBefore(text, i), i + 1));
            else if (text[i] == '}' && opened.TryPop(out var box) && box.Command >= 0 && !text.AsSpan(box.Start, i - box.Start).IsWhiteSpace())
                boxes.Add(new(box.Command, box.Start, i));
        }
        return boxes;
    }

    /// <summary>Where a box's command before a brace begins; −1 where there is none.</summary>
    private static int CommandBefore(string text, int brace)
    {
        var before = text.AsSpan(Math.Max(0, brace - 16), Math.Min(16, brace)).TrimEnd(' ');
        foreach (var command in (ReadOnlySpan<string>)["\\boxed", "\\fbox", "\\framebox"])
        {
            if (before.EndsWith(command, StringComparison.Ordinal)) return Math.Max(0, brace - 16) + before.Length - command.Length;
        }
        return -1;
    }

    /// <summary>x = \boxed{3} and y = \boxed{4} as "3, 4"; boxes that say the same are one.</summary>
    private static string Joined(string text, List<Box> boxes, Box last)
    {
        var contents = new List<string> { Content(text, last) };
        var (first, length) = (last, contents[0].Length);
        for (var i = boxes.IndexOf(last) - 1; i >= 0 && contents.Count < MostJoined; i--)
        {
            var box = boxes[i];
            if (box.End >= first.Command) continue; // it holds the other one
            var between = text.AsSpan(box.End + 1, first.Command - box.End - 1);
            if (between.Length > LongestConnection || !Connection().IsMatch(between) || !IsJoin().IsMatch(between)) break;
            var content = Content(text, box);
            if ((length += content.Length) > LongestJoined) break;
            contents.Insert(0, content);
            first = box;
        }
        return contents.SkipLast(1).All(content => AnswerComparer.Compare(contents[^1], content, Rules).Outcome == AnswerOutcome.Equal)
            ? contents[^1] : string.Join(", ", contents);
    }

    private static string? Unbraced(string text) => FinalAnswer.Last(UnbracedBox(), text) is { } bare
        ? text.AsSpan(bare)["\\boxed".Length..].Trim().TrimEnd('.').ToString() : null;

    /// <param name="Command">Where its command begins.</param>
    /// <param name="Start">Where its content begins.</param>
    /// <param name="End">Where its brace closes.</param>
    private sealed record Box(int Command, int Start, int End);

    /// <summary>What may stand between boxes of one answer: spaces, commas, "and", "or", names with an equals sign, labels such as (b).</summary>
    [GeneratedRegex(@"^(?:[\s$,;&、，；{}]|\\[()\[\],;:! ]|\\q?quad|\\\\|\\(?:text|mathrm|textbf|mbox)\b|"
        + @"\b(?:and|or|also|then|both|as well as|while|with)\b|和|或|以及|与|且|"
        + @"\([a-z0-9]{1,3}\)|(?:\\(?:alpha|beta|gamma|theta|lambda|mu)|(?:\\angle ?)?[A-Za-z]{1,3})(?:_\{?[A-Za-z0-9]{1,3}\}?)?(?:\([-a-z0-9]{1,3}\))?\s*=)*$",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Connection();

    [GeneratedRegex(@"[,;&、，；=和或与且]|\b(?:and|or)\b|\([a-z0-9]{1,3}\)|^[ $]*$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex IsJoin();

    [GeneratedRegex(@"\\boxed *[^\s${}\\,;]+", RegexOptions.NonBacktracking)]
    private static partial Regex UnbracedBox();
}
