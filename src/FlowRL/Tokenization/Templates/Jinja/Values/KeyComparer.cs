using System.Numerics;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Equality of keys, within a budget: tuples of tuples can be large without taking memory.</summary>
internal sealed class KeyComparer(Budget budget) : IEqualityComparer<Value>
{
    public bool Equals(Value? a, Value? b) => Comparison.AreEqual(a!, b!, budget);

    public int GetHashCode(Value key)
    {
        budget.Guard();
        return key switch
        {
            StringValue text => Hash(text.Plain),
            BooleanValue truth => (truth.IsTrue ? BigInteger.One : BigInteger.Zero).GetHashCode(),
            IntegerValue number => number.Number.GetHashCode(),
            // An integral float is the same key as its integer.
            FloatValue number => double.IsInteger(number.Number) ? new BigInteger(number.Number).GetHashCode() : number.Number.GetHashCode(),
            TupleValue tuple => tuple.Hash(GetHashCode),
            ListValue or DictionaryValue or SliceValue => throw JinjaException.Type($"unhashable type: '{key.TypeName}'"),
            UndefinedValue or NoneValue => 0,
            RangeValue range => range.Count.GetHashCode(),
            _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key),
        };
    }

    private int Hash(string text)
    {
        budget.Read(text.Length);
        return text.GetHashCode(StringComparison.Ordinal);
    }
}
