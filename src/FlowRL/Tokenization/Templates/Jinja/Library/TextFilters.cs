using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Filters of texts.</summary>
internal static class TextFilters
{
    public static FunctionTable Table { get; } = new()
    {
        { "string", "", call => call.Self is StringValue ? call.Self : Value.Of(call.Text) },
        { "safe", "", call => new StringValue(call.Text, isSafe: true) },
        { "escape e", "", call => call.Self is StringValue { IsSafe: true } ? call.Self
            : new StringValue(Escaping.Html(call.Text, call.Budget), isSafe: true) },
        { "trim", "chars?", call => StringMethods.Strip(call, left: true, right: true) },
        { "upper", "", call => call.Like(CaseMapping.Upper(call.Text, call.Budget)) },
        { "lower", "", call => call.Like(CaseMapping.Lower(call.Text, call.Budget)) },
        { "capitalize", "", call => call.Like(CaseMapping.Capitalize(call.Text, call.Budget)) },
        { "title", "", call => Value.Of(Title(call.Text, call.Budget)) },
        { "replace", "old new count?", call => Value.Of(TextOperations.Replace(
            call.Text, call.TextOf(0).Plain, call.TextOf(1), call.Integer(2, -1), call.Budget)) },
        { "indent", "width? first? blank?", Indent },
        { "center", "width?", Center },
        { "wordcount", "", call => Value.Of(Iteration.Length(TextOperations.Words(call.Text, -1, false, call.Budget))) },
        { "format", "*", call => PercentFormat.Apply(
            new StringValue(call.Text), call.All.Named.Count > 0 ? Named(call) : new TupleValue(call.All.Positional), call.Budget) },
        { "tojson", "ensure_ascii? indent? separators? sort_keys?", JsonWriter.Write },
    };

    /// <summary>Letters behind white space, hyphens and opening brackets large, all others small: an apostrophe ends no word here.</summary>
    private static TracedText Title(TracedText text, Budget budget)
    {
        var (builder, start) = (new TracedBuilder(budget), 0);
        for (var at = 0; at <= text.Plain.Length; at++)
        {
            if (at < text.Plain.Length && !(Characters.IsSpace(text.Plain[at]) || "-({[<".Contains(text.Plain[at], StringComparison.Ordinal))) continue;
            if (at > start) builder.Append(Word(text.Slice(start, at), budget));
            if (at < text.Plain.Length) builder.Append(text, at, at + 1);
            start = at + 1;
        }
        return builder.ToText();
    }

    private static TracedText Word(TracedText word, Budget budget)
    {
        var head = word.PlaceOf(1);
        return new TracedBuilder(budget).Append(CaseMapping.Upper(word.Slice(0, head), budget))
            .Append(CaseMapping.Lower(word.Slice(head, word.Plain.Length), budget)).ToText();
    }

    private static Value Indent(Invocation call)
    {
        var width = call[0] is StringValue sign ? sign.Text
            : TextOperations.Pad(TracedText.Empty, call.Integer(0, 4), 0, TracedText.Of(" "), call.Budget);
        var (first, blank) = (call.Flag(1), call.Flag(2));
        call.Budget.Spend(call.Text.Plain.Length);
        // As if a line end stood at the end, so that one that does stand there makes a last line without anything.
        var lines = TextOperations.Lines(new TracedBuilder(call.Budget).Append(call.Text).Append("\n").ToText());
        var builder = new TracedBuilder(call.Budget);
        foreach (var (i, line) in lines.Index())
        {
            if (i > 0) builder.Append("\n");
            if (i == 0 ? first : blank || line.Plain.Length > 0) builder.Append(width);
            builder.Append(line);
        }
        return call.Like(builder.ToText());
    }

    private static Value Center(Invocation call)
    {
        var (text, width) = (call.Text, call.Integer(0, 80));
        return call.Like(StringLayout.Center(text, width, TracedText.Of(" "), call.Budget));
    }

    private static DictionaryValue Named(Invocation call)
    {
        if (call.All.Positional.Count > 0) throw JinjaException.Type("can't handle positional and keyword arguments at the same time");
        return DictionaryValue.From(call.All.Named.Select(argument => (Value.Of(argument.Name), argument.Value)), call.Budget);
    }
}
