using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>A list or a tuple.</summary>
internal abstract class SequenceValue(IReadOnlyList<Value> items) : Value
{
    public IReadOnlyList<Value> Items { get; } = items;

    public override bool IsTrue => Items.Count > 0;

    /// <summary>Other items in a sequence of the same kind.</summary>
    public abstract SequenceValue With(IReadOnlyList<Value> items);
}

internal sealed class ListValue(IReadOnlyList<Value> items) : SequenceValue(items)
{
    public override string TypeName => "list";

    public override SequenceValue With(IReadOnlyList<Value> items) => new ListValue(items);
}

internal sealed class TupleValue(params IReadOnlyList<Value> items) : SequenceValue(items)
{
    private int? _hash;

    public override string TypeName => "tuple";

    public override SequenceValue With(IReadOnlyList<Value> items) => new TupleValue(items);

    /// <summary>Computed once, so that tuples within tuples cost no more than their number.</summary>
    public int Hash(Func<Value, int> ofItem) => _hash ??= Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, ofItem(item)));
}

/// <summary>A dictionary in the order of insertion. 1, 1.0 and true are one key.</summary>
internal sealed class DictionaryValue(OrderedDictionary<Value, Value> entries) : Value
{
    public OrderedDictionary<Value, Value> Entries { get; } = entries;

    public override string TypeName => "dict";

    public override bool IsTrue => Entries.Count > 0;

    public static DictionaryValue From(IEnumerable<(Value Key, Value Value)> entries, Budget budget, Origin? origin = null)
    {
        var filled = new OrderedDictionary<Value, Value>(new KeyComparer(budget));
        foreach (var (key, value) in entries)
        {
            budget.Size(filled.Count + 1);
            filled[key] = value;
        }
        return new DictionaryValue(filled) { Origin = origin };
    }

    public Value? Find(Value key) => Entries.TryGetValue(key, out var value) ? value : null;

    public Value? Find(string key) => Find(Of(key));

    /// <summary>The entries as Python's pairs.</summary>
    public IEnumerable<Value> Pairs => Entries.Select(entry => new TupleValue(entry.Key, entry.Value));
}

/// <summary>What <c>items()</c>, <c>keys()</c> and <c>values()</c> give.</summary>
internal sealed class DictionaryView(DictionaryValue of, string kind) : Value
{
    public override string TypeName => $"dict_{kind}";

    public override bool IsTrue => of.IsTrue;

    public int Count => of.Entries.Count;

    public IEnumerable<Value> Items => kind switch { "items" => of.Pairs, "keys" => of.Entries.Keys, _ => of.Entries.Values };
}

/// <summary>Integers from <paramref name="start"/> to before <paramref name="stop"/>.</summary>
internal sealed class RangeValue(BigInteger start, BigInteger stop, BigInteger step, int count) : Value
{
    public (BigInteger Start, BigInteger Stop, BigInteger Step) Bounds => (start, stop, step);

    public int Count { get; } = count;

    public override string TypeName => "range";

    public override bool IsTrue => Count > 0;

    public Value this[int i] => Of(start + step * i);

    public IEnumerable<Value> Items => Enumerable.Range(0, Count).Select(i => this[i]);
}

/// <summary>Bounds in square brackets, each null where none was given.</summary>
internal sealed class SliceValue(Value? start, Value? stop, Value? step) : Value
{
    public (Value? Start, Value? Stop, Value? Step) Bounds => (start, stop, step);

    public override string TypeName => "slice";
}

/// <summary>Values that are computed as they are asked for, once: what <c>map</c>, <c>select</c> and <c>reverse</c> give.</summary>
internal sealed class IteratorValue(IEnumerable<Value> items, string typeName = "generator") : Value
{
    private IEnumerator<Value>? _rest;

    public override string TypeName => typeName;

    /// <summary>What no one has asked for yet.</summary>
    public IEnumerable<Value> Rest()
    {
        _rest ??= items.GetEnumerator();
        while (_rest.MoveNext())
            yield return _rest.Current;
    }
}
