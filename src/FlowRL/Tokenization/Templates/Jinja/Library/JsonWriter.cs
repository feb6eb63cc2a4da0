using System.Globalization;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>The filter <c>tojson</c>: JSON as Python's json writes it, without the escapes for HTML that Jinja's own filter makes.</summary>
internal sealed class JsonWriter
{
    private readonly TracedBuilder _to;
    private readonly Budget _budget;
    private readonly bool _onlyAscii;
    private readonly bool _sorts;
    private readonly string? _indent;
    private readonly TracedText _comma;
    private readonly TracedText _colon;

    private JsonWriter(Invocation call)
    {
        (_to, _budget, _onlyAscii, _sorts) = (new TracedBuilder(call.Budget), call.Budget, call.Flag(0), call.Flag(3));
        _indent = call[1] switch
        {
            null or NoneValue => null,
            StringValue text => text.Plain,
            _ => new string(' ', call.Budget.Size(call.Integer(1, 0))),
        };
        var separators = call[2] is null or NoneValue ? [] : Iteration.ToList(call[2]!, call.Budget);
        if (separators.Count is not (0 or 2)) throw JinjaException.Value("separators are two: what stands between items, and behind a key");
        _comma = separators.Count == 2 ? Representation.Of(separators[0], call.Budget) : TracedText.Of(_indent is null ? ", " : ",");
        _colon = separators.Count == 2 ? Representation.Of(separators[1], call.Budget) : TracedText.Of(": ");
    }

    public static Value Write(Invocation call)
    {
        var writer = new JsonWriter(call);
        writer.Write(call.Self, null, 0);
        return Value.Of(writer._to.ToText());
    }

    /// <param name="value">What is written.</param>
    /// <param name="around">The origin of what it stands in, which is that of the signs of values that have none.</param>
    /// <param name="depth">How many lists and dictionaries are around it.</param>
    private void Write(Value value, Origin? around, int depth)
    {
        _budget.Guard();
        var origin = value.Origin ?? around;
        switch (value)
        {
            case StringValue text:
                WriteText(text.Text, around);
                break;
            case SequenceValue sequence:
                WriteAll("[", "]", sequence.Items, item => Write(item, origin, depth + 1), origin, depth);
                break;
            case DictionaryValue dictionary:
                WriteAll("{", "}", Entries(dictionary), entry =>
                {
                    WriteText(Key(entry.Key), origin);
                    Put(_colon, origin);
                    Write(entry.Value, origin, depth + 1);
                }, origin, depth);
                break;
            default:
                _to.Append(Scalar(value) ?? throw JinjaException.Type($"Object of type {value.TypeName} is not JSON serializable"), origin);
                break;
        }
    }

    private IEnumerable<KeyValuePair<Value, Value>> Entries(DictionaryValue dictionary) => !_sorts ? dictionary.Entries
        : Sorting.By(dictionary.Entries.ToList(), entry => entry.Key, reverse: false, _budget);

    private void WriteAll<T>(string open, string close, IEnumerable<T> items, Action<T> write, Origin? origin, int depth)
    {
        _to.Append(open, origin);
        var isEmpty = true;
        foreach (var item in items)
        {
            if (!isEmpty) Put(_comma, origin);
            BreakLine(depth + 1, origin);
            write(item);
            isEmpty = false;
        }
        if (!isEmpty) BreakLine(depth, origin);
        _to.Append(close, origin);
    }

    private void BreakLine(int depth, Origin? origin)
    {
        if (_indent is null) return;
        _to.Append("\n", origin);
        for (var i = 0; i < depth; i++) _to.Append(_indent, origin);
    }

    private void WriteText(TracedText text, Origin? around)
    {
        var written = Escaping.Json(text, _onlyAscii, _budget);
        _to.Append("\"", around);
        foreach (var (start, end, origin) in written.Runs)
            _to.Append(written.Plain[start..end], origin ?? around);
        _to.Append("\"", around);
    }

    private void Put(TracedText sign, Origin? origin) => _to.Append(sign.AnyOrigin is null ? sign.By(origin) : sign);

    private static TracedText Key(Value key) => key is StringValue text ? text.Text
        : Scalar(key) is { } plain ? TracedText.Of(plain, key.Origin)
        : throw JinjaException.Type($"keys must be str, int, float, bool or None, not {key.TypeName}");

    private static string? Scalar(Value value) => value switch
    {
        NoneValue => "null",
        BooleanValue truth => truth.IsTrue ? "true" : "false",
        IntegerValue number => number.Number.ToString(CultureInfo.InvariantCulture),
        FloatValue { Number: double.NaN } => "NaN",
        FloatValue { Number: double.PositiveInfinity } => "Infinity",
        FloatValue { Number: double.NegativeInfinity } => "-Infinity",
        FloatValue number => Numbers.Repr(number.Number),
        _ => null,
    };
}
