using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Sorting by keys that Python can compare; equal ones keep their order.</summary>
internal static class Sorting
{
    public static List<T> By<T>(List<T> items, Func<T, Value> keyOf, bool reverse, Budget budget)
    {
        var keyed = items.ConvertAll(item => (Key: keyOf(item), Item: item));
        // Reversed before and after, so that equal ones keep their order then too.
        if (reverse) keyed.Reverse();
        var sorted = Merged(keyed, budget).ConvertAll(pair => pair.Item);
        if (reverse) sorted.Reverse();
        return sorted;
    }

    /// <summary>Sorted by merging: .NET's own sorting wraps what a comparison throws, and wants an order that is total.</summary>
    private static List<(Value Key, T Item)> Merged<T>(List<(Value Key, T Item)> items, Budget budget)
    {
        if (items.Count < 2) return items;
        var half = items.Count / 2;
        var (left, right) = (Merged(items.GetRange(0, half), budget), Merged(items.GetRange(half, items.Count - half), budget));
        var (merged, l, r) = (new List<(Value, T)>(items.Count), 0, 0);
        while (l < left.Count && r < right.Count)
            merged.Add(Comparison.Order(right[r].Key, left[l].Key, "<", budget) < 0 ? right[r++] : left[l++]);
        merged.AddRange(left.Skip(l));
        merged.AddRange(right.Skip(r));
        return merged;
    }

    /// <summary>A key that ignores case where it is a text.</summary>
    public static Value IgnoreCase(Value key, Budget budget) => key is StringValue text ? Value.Of(CaseMapping.Lower(text.Text, budget)) : key;
}
