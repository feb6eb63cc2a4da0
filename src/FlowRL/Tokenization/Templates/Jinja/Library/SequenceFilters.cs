using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Filters of lists and dictionaries.</summary>
internal static class SequenceFilters
{
    public static FunctionTable Table { get; } = new()
    {
        { "length count", "", call => Value.Of(Iteration.Length(call.Self)) },
        { "list", "", call => new ListValue(Iteration.ToList(call.Self, call.Budget)) },
        { "first", "", call => Iteration.Of(call.Self, call.Budget).FirstOrDefault() ?? new UndefinedValue("No first item, sequence was empty.") },
        { "last", "", call => Iteration.Reversed(call.Self, call.Budget).FirstOrDefault() ?? new UndefinedValue("No last item, sequence was empty.") },
        { "reverse", "", Reverse },
        { "join", "d? attribute?", Join },
        { "items", "", call => new IteratorValue(Items(call.Self)) },
        { "dictsort", "case_sensitive? by? reverse?", SortEntries },
        { "sort", "reverse? case_sensitive? attribute?", Sort },
        { "unique", "case_sensitive? attribute?", call => new IteratorValue(Unique(call)) },
        { "sum", "attribute? start?", call => SelectionFilters.AttributesOf(call, 0)
            .Aggregate(call[1] ?? Value.Of(0), (sum, item) => Arithmetic.Apply("+", sum, item, call.Budget)) },
        { "min", "case_sensitive? attribute?", call => Extreme(call, -1) },
        { "max", "case_sensitive? attribute?", call => Extreme(call, 1) },
        { "batch", "linecount fill_with?", call => new IteratorValue(Batch(call)) },
        { "slice", "slices fill_with?", call => new IteratorValue(Slices(call)) },
        { "groupby", "attribute default? case_sensitive?", GroupBy },
    };

    private static Value Reverse(Invocation call)
    {
        if (call.Self is StringValue text) return Access.Sliced(text, new SliceValue(null, null, Value.Of(-1)), call.Budget);
        return call.Self is SequenceValue or DictionaryValue or DictionaryView or RangeValue or UndefinedValue
            ? new IteratorValue(Iteration.Reversed(call.Self, call.Budget), $"{call.Self.TypeName}_reverseiterator")
            : new ListValue([.. Iteration.ToList(call.Self, call.Budget).AsEnumerable().Reverse()]);
    }

    private static Value Join(Invocation call)
    {
        var parts = SelectionFilters.AttributesOf(call, 1).Select(item => Representation.Of(item, call.Budget));
        return Value.Of(TextOperations.Join(call[0] is null ? TracedText.Empty : call.TextOf(0), parts, call.Budget));
    }

    private static IEnumerable<Value> Items(Value value)
    {
        if (value is UndefinedValue) yield break;
        if (value is not DictionaryValue dictionary) throw JinjaException.Type("Can only get item pairs from a mapping.");
        foreach (var pair in dictionary.Pairs) yield return pair;
    }

    private static Value SortEntries(Invocation call)
    {
        var by = call[1] is null ? "key" : call.TextOf(1).Plain;
        if (by is not ("key" or "value")) throw JinjaException.Value("You can only sort by either \"key\" or \"value\"");
        if (call.Self is not DictionaryValue dictionary) throw JinjaException.Type($"'{call.Self.TypeName}' object has no attribute 'items'");
        Value KeyOf(KeyValuePair<Value, Value> entry)
        {
            var key = by == "key" ? entry.Key : entry.Value;
            return call.Flag(0) ? key : Sorting.IgnoreCase(key, call.Budget);
        }
        var sorted = Sorting.By(dictionary.Entries.ToList(), KeyOf, call.Flag(2), call.Budget);
        return new ListValue([.. sorted.Select(entry => new TupleValue(entry.Key, entry.Value))]);
    }

    private static Value Sort(Invocation call)
    {
        var names = call[2] is StringValue text ? text.Plain.Split(',') : null;
        Value KeyOf(Value item)
        {
            var keys = names is null ? [SelectionFilters.AttributeOf(call, call[2], item)]
                : names.Select(name => SelectionFilters.AttributeOf(call, Value.Of(name), item));
            var compared = keys.Select(key => call.Flag(1) ? key : Sorting.IgnoreCase(key, call.Budget)).ToList();
            return compared is [var only] ? only : new ListValue(compared);
        }
        return new ListValue(Sorting.By(Iteration.ToList(call.Self, call.Budget), KeyOf, call.Flag(0), call.Budget));
    }

    private static IEnumerable<Value> Unique(Invocation call)
    {
        var seen = new HashSet<Value>(new KeyComparer(call.Budget));
        foreach (var item in Iteration.Of(call.Self, call.Budget))
        {
            var key = SelectionFilters.AttributeOf(call, call[1], item);
            if (seen.Add(call.Flag(0) ? key : Sorting.IgnoreCase(key, call.Budget))) yield return item;
        }
    }

    private static Value Extreme(Invocation call, int side)
    {
        Value? best = null, bestKey = null;
        foreach (var item in Iteration.Of(call.Self, call.Budget))
        {
            var key = SelectionFilters.AttributeOf(call, call[1], item);
            if (!call.Flag(0)) key = Sorting.IgnoreCase(key, call.Budget);
            if (bestKey is null || Math.Sign(Comparison.Order(key, bestKey, side > 0 ? ">" : "<", call.Budget) ?? 0) == side) (best, bestKey) = (item, key);
        }
        return best ?? new UndefinedValue("No aggregated item, sequence was empty.");
    }

    private static IEnumerable<Value> Batch(Invocation call)
    {
        var (size, row) = (call.Integer(0, 0), new List<Value>());
        foreach (var item in Iteration.Of(call.Self, call.Budget))
        {
            if (row.Count == size)
            {
                yield return new ListValue(row);
                row = [];
            }
            row.Add(item);
        }
        if (row.Count == 0) yield break;
        while (call[1] is { } fill and not NoneValue && row.Count < call.Budget.Size(size))
        {
            call.Budget.Spend();
            row.Add(fill);
        }
        yield return new ListValue(row);
    }

    private static IEnumerable<Value> Slices(Invocation call)
    {
        var (items, slices) = (Iteration.ToList(call.Self, call.Budget), call.Integer(0, 0));
        if (slices == 0) throw new JinjaException(JinjaErrorKind.Zero, "integer division or modulo by zero");
        var (each, longer, at) = (items.Count / slices, items.Count % slices, 0);
        for (var i = 0; i < slices; i++)
        {
            call.Budget.Spend();
            var part = items.GetRange(at, each + (i < longer ? 1 : 0));
            at += part.Count;
            if (call[1] is { } fill and not NoneValue && i >= longer) part.Add(fill);
            yield return new ListValue(part);
        }
    }

    private static Value GroupBy(Invocation call)
    {
        Value Exact(Value item) => SelectionFilters.AttributeOf(call, call[0], item, call[1]);
        Value KeyOf(Value item) => call.Flag(2) ? Exact(item) : Sorting.IgnoreCase(Exact(item), call.Budget);
        var groups = new List<(Value Key, List<Value> Items)>();
        foreach (var item in Sorting.By(Iteration.ToList(call.Self, call.Budget), KeyOf, reverse: false, call.Budget))
        {
            if (groups.Count == 0 || !Comparison.AreEqual(KeyOf(groups[^1].Items[0]), KeyOf(item), call.Budget)) groups.Add((Exact(item), []));
            groups[^1].Items.Add(item);
        }
        return new ListValue([.. groups.Select(group => new TupleValue(group.Key, new ListValue(group.Items)))]);
    }
}
