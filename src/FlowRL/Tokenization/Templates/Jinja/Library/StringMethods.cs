using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Methods of texts, but those of <see cref="StringLayout"/> and <see cref="StringQuestions"/>.</summary>
internal static class StringMethods
{
    private const string StripWords = "strip arg must be None or str";

    public static FunctionTable Table { get; } = new()
    {
        StringLayout.Table,
        StringQuestions.Table,
        { "strip", "chars?", call => Strip(call, left: true, right: true) },
        { "lstrip", "chars?", call => Strip(call, left: true, right: false) },
        { "rstrip", "chars?", call => Strip(call, left: false, right: true) },
        { "split", "sep? maxsplit?", call => Separator(call) is { } separator
            ? TextOperations.Split(call.Text, separator, call.Integer(1, -1), IsSafe(call), call.Budget)
            : TextOperations.Words(call.Text, call.Integer(1, -1), IsSafe(call), call.Budget) },
        { "rsplit", "sep? maxsplit?", SplitFromRight },
        { "splitlines", "keepends?", SplitLines },
        { "replace", "old new count?", call => call.Like(TextOperations.Replace(
            call.Text, Escaped(call, call.String(0)).Plain, Escaped(call, call.String(1)), call.Integer(2, -1), call.Budget)) },
        { "join", "iterable", Join },
        { "upper", "", call => call.Like(CaseMapping.Upper(call.Text, call.Budget)) },
        { "lower casefold", "", call => call.Like(CaseMapping.Lower(call.Text, call.Budget)) },
        { "title", "", call => call.Like(CaseMapping.Title(call.Text, call.Budget)) },
        { "capitalize", "", call => call.Like(CaseMapping.Capitalize(call.Text, call.Budget)) },
        { "swapcase", "", call => call.Like(CaseMapping.Swap(call.Text, call.Budget)) },
        { "removeprefix", "prefix", call => Remove(call, isPrefix: true) },
        { "removesuffix", "suffix", call => Remove(call, isPrefix: false) },
        { "partition", "sep", call => Partition(call, fromRight: false) },
        { "rpartition", "sep", call => Partition(call, fromRight: true) },
        { "format", "*", BraceFormat.Apply },
        { "format_map", "mapping", BraceFormat.ApplyMap },
    };

    private static bool IsSafe(Invocation call) => call.Self is StringValue { IsSafe: true };

    /// <summary>What a safe text takes in, it escapes.</summary>
    private static TracedText Escaped(Invocation call, TracedText text) => IsSafe(call) ? Escaping.Html(text, call.Budget) : text;

    public static Value Strip(Invocation call, bool left, bool right)
    {
        call.Budget.Read(call.Text.Plain.Length);
        return call.Like(Characters.Strip(call.Text, call.StringOrNone(0, StripWords)?.Plain, left, right));
    }

    private static string? Separator(Invocation call) => call.StringOrNone(0, $"must be str or None, not {call[0]?.TypeName}")?.Plain;

    private static ListValue SplitLines(Invocation call)
    {
        call.Budget.Spend(call.Text.Plain.Length);
        return new ListValue([.. TextOperations.Lines(call.Text, call.Flag(0)).Select(call.Like)]);
    }

    private static Value SplitFromRight(Invocation call)
    {
        if (Separator(call) is { } separator) return TextOperations.SplitFromRight(call.Text, separator, call.Integer(1, -1), IsSafe(call), call.Budget);
        var (most, words) = (call.Integer(1, -1), (ListValue)TextOperations.Words(call.Text, -1, IsSafe(call), call.Budget));
        if (most < 0 || words.Items.Count <= most) return words;
        // The head goes up to the word that is split off first.
        var text = Characters.Strip(call.Text, null, left: false, right: true);
        var (kept, end) = (new List<Value>(), text.Plain.Length);
        for (; most > 0; most--)
        {
            var start = end;
            while (!Characters.IsSpace(text.Plain[start - 1])) start--;
            kept.Add(call.Like(text.Slice(start, end)));
            end = start;
            while (end > 0 && Characters.IsSpace(text.Plain[end - 1])) end--;
        }
        kept.Add(call.Like(Characters.Strip(text.Slice(0, end), null, left: true, right: true)));
        kept.Reverse();
        return new ListValue(kept);
    }

    private static Value Remove(Invocation call, bool isPrefix)
    {
        var (text, end) = (call.Text, call.String(0).Plain);
        call.Budget.Read(text.Plain.Length);
        if (!(isPrefix ? text.Plain.StartsWith(end, StringComparison.Ordinal) : text.Plain.EndsWith(end, StringComparison.Ordinal))) return call.Self;
        return call.Like(isPrefix ? text.Slice(end.Length, text.Plain.Length) : text.Slice(0, text.Plain.Length - end.Length));
    }

    private static Value Join(Invocation call)
    {
        var parts = Iteration.ToList(call[0]!, call.Budget).Select((item, i) => item is StringValue part ? Escaped(call, part.Text)
            : throw JinjaException.Type($"sequence item {i}: expected str instance, {item.TypeName} found"));
        return call.Like(TextOperations.Join(call.Text, parts, call.Budget));
    }

    private static TupleValue Partition(Invocation call, bool fromRight)
    {
        var (text, separator) = (call.Text, call.String(0).Plain);
        if (separator.Length == 0) throw JinjaException.Value("empty separator");
        call.Budget.Search(text.Plain.Length, separator.Length);
        var at = fromRight ? text.Plain.LastIndexOf(separator, StringComparison.Ordinal) : text.Plain.IndexOf(separator, StringComparison.Ordinal);
        var (empty, whole) = (call.Like(TracedText.Empty), call.Like(text));
        if (at < 0) return fromRight ? new TupleValue(empty, empty, whole) : new TupleValue(whole, empty, empty);
        var behind = at + separator.Length;
        return new TupleValue(call.Like(text.Slice(0, at)), call.Like(text.Slice(at, behind)), call.Like(text.Slice(behind, text.Plain.Length)));
    }
}
