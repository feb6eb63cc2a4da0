namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Equality, order and containment as Python has them.</summary>
internal static class Comparison
{
    public static bool AreEqual(Value a, Value b, Budget budget)
    {
        budget.Guard();
        switch (a, b)
        {
            case (StringValue x, StringValue y):
                budget.Read(Math.Min(x.Plain.Length, y.Plain.Length));
                return x.Plain == y.Plain;
            case (NumberValue x, NumberValue y):
                return Numbers.Compare(x, y) == 0;
            case (ListValue x, ListValue y):
                return AllEqual(x, y, budget);
            case (TupleValue x, TupleValue y):
                return ReferenceEquals(x, y) || AllEqual(x, y, budget);
            case (DictionaryValue x, DictionaryValue y):
                return x.Entries.Count == y.Entries.Count
                    && x.Entries.All(entry => y.Find(entry.Key) is { } other && AreEqual(entry.Value, other, budget));
            case (RangeValue x, RangeValue y):
                return x.Count == y.Count && (x.Count == 0 || AreEqual(x[0], y[0], budget) && AreEqual(x[x.Count - 1], y[y.Count - 1], budget));
            case (UndefinedValue, UndefinedValue):
                return true;
            default:
                return ReferenceEquals(a, b);
        }
    }

    /// <summary>
    /// Whether <c>a</c> stands before (negative), with or behind <c>b</c>; null where a NaN has no order. The sign is for what is said of
    /// types that have none.
    /// </summary>
    public static int? Order(Value a, Value b, string sign, Budget budget)
    {
        budget.Guard();
        switch (a, b)
        {
            case (StringValue x, StringValue y):
                budget.Read(Math.Min(x.Plain.Length, y.Plain.Length));
                return OrderOf(x.Plain, y.Plain);
            case (NumberValue x, NumberValue y):
                return Numbers.Compare(x, y);
            case (ListValue x, ListValue y):
                return OrderOf(x, y, sign, budget);
            case (TupleValue x, TupleValue y):
                return OrderOf(x, y, sign, budget);
            case (UndefinedValue x, _):
                throw x.Used();
            case (_, UndefinedValue y):
                throw y.Used();
            default:
                throw JinjaException.Type($"'{sign}' not supported between instances of '{a.TypeName}' and '{b.TypeName}'");
        }
    }

    /// <summary>A comparison as the template writes it.</summary>
    public static bool Holds(string sign, Value a, Value b, Budget budget) => sign switch
    {
        "==" => AreEqual(a, b, budget),
        "!=" => !AreEqual(a, b, budget),
        "<" => Order(a, b, sign, budget) < 0,
        "<=" => Order(a, b, sign, budget) <= 0,
        ">" => Order(a, b, sign, budget) > 0,
        ">=" => Order(a, b, sign, budget) >= 0,
        "in" => Contains(b, a, budget),
        "not in" => !Contains(b, a, budget),
        _ => throw new ArgumentException($"There is no comparison {sign}.", nameof(sign)),
    };

    public static bool Contains(Value container, Value item, Budget budget)
    {
        switch (container)
        {
            case StringValue text when item is StringValue part:
                budget.Search(text.Plain.Length, part.Plain.Length);
                return text.Plain.Contains(part.Plain, StringComparison.Ordinal);
            case StringValue:
                throw JinjaException.Type($"'in <string>' requires string as left operand, not {item.TypeName}");
            case DictionaryValue dictionary:
                return dictionary.Find(item) is not null;
            case NamespaceValue or NoneValue or NumberValue or FunctionValue:
                throw JinjaException.Type($"argument of type '{container.TypeName}' is not iterable");
            default:
                return Iteration.Of(container, budget).Any(other => AreEqual(other, item, budget));
        }
    }

    /// <summary>By code points: UTF-16 units would put U+FF5E behind what needs two of them.</summary>
    private static int OrderOf(string a, string b)
    {
        var same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length - b.Length;
        var (x, y) = (a[same], b[same]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x - y : char.IsSurrogate(x) ? 1 : -1;
    }

    private static int? OrderOf(SequenceValue a, SequenceValue b, string sign, Budget budget)
    {
        for (var i = 0; i < Math.Min(a.Items.Count, b.Items.Count); i++)
        {
            if (!AreEqual(a.Items[i], b.Items[i], budget)) return Order(a.Items[i], b.Items[i], sign, budget);
        }
        return a.Items.Count - b.Items.Count;
    }

    private static bool AllEqual(SequenceValue a, SequenceValue b, Budget budget)
    {
        if (a.Items.Count != b.Items.Count) return false;
        for (var i = 0; i < a.Items.Count; i++)
        {
            if (!AreEqual(a.Items[i], b.Items[i], budget)) return false;
        }
        return true;
    }
}
