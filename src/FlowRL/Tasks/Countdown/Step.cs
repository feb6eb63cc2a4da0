namespace FlowRL.Tasks.Countdown;

/// <summary>One claim of a chain: <paramref name="Left"/> <paramref name="Symbol"/> <paramref name="Right"/> = <paramref name="Result"/>.</summary>
internal readonly record struct Step(char Symbol, Rational Left, Rational Right, Rational Result)
{
    public bool IsTrue => Rational.Apply(Symbol, Left, Right) == Result;

    public override string ToString() => $"{Left.Notation}{Symbol}{Right.Notation}={Result.Notation}";
}
