namespace FlowRL.Tasks.Countdown;

/// <summary>One claim of a chain, such as <c>8/2=4</c>.</summary>
internal readonly record struct Step(char Symbol, Rational Left, Rational Right, Rational Result)
{
    public bool IsTrue => Rational.Apply(Symbol, Left, Right) == Result;

    public override string ToString() => $"{Left.Notation}{Symbol}{Right.Notation}={Result.Notation}";
}
