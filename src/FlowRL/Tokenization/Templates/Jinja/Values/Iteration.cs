namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>What can be gone through, and how long it is.</summary>
internal static class Iteration
{
    public static IEnumerable<Value> Of(Value value, Budget budget)
    {
        var items = Items(value) ?? throw JinjaException.Type($"'{value.TypeName}' object is not iterable");
        return items.Select(item =>
        {
            // Characters are made as they are asked for, and take more than other items, which are there.
            budget.Spend(value is StringValue ? 4 : 1);
            return item;
        });
    }

    public static bool IsIterable(Value value) => Items(value) is not null;

    /// <summary>The items as a list, within the budget's size.</summary>
    public static List<Value> ToList(Value value, Budget budget)
    {
        var list = new List<Value>();
        foreach (var item in Of(value, budget))
        {
            budget.Size(list.Count + 1);
            list.Add(item);
        }
        return list;
    }

    /// <summary>The number of items; null for what has none.</summary>
    public static int? Count(Value value) => value switch
    {
        StringValue text => text.Text.Length,
        SequenceValue sequence => sequence.Items.Count,
        DictionaryValue dictionary => dictionary.Entries.Count,
        DictionaryView view => view.Count,
        RangeValue range => range.Count,
        UndefinedValue => 0,
        LoopValue loop => loop.Length,
        _ => null,
    };

    public static int Length(Value value) => Count(value) ?? throw JinjaException.Type($"object of type '{value.TypeName}' has no len()");

    /// <summary>The items from the end.</summary>
    public static IEnumerable<Value> Reversed(Value value, Budget budget)
    {
        if (value is not (SequenceValue or DictionaryValue or DictionaryView or RangeValue or StringValue or UndefinedValue))
            throw JinjaException.Type($"'{value.TypeName}' object is not reversible");
        var list = ToList(value, budget);
        list.Reverse();
        return list;
    }

    private static IEnumerable<Value>? Items(Value value) => value switch
    {
        StringValue text => text.Text.Characters().Select(character => new StringValue(character, text.IsSafe)),
        SequenceValue sequence => sequence.Items,
        DictionaryValue dictionary => dictionary.Entries.Keys,
        DictionaryView view => view.Items,
        RangeValue range => range.Items,
        IteratorValue iterator => iterator.Rest(),
        UndefinedValue => [],
        _ => null,
    };
}
