namespace FlowRL.Verifiers.Mathematics;

/// <summary>An answer as read.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>A number or an expression, with its unit in the order written; empty where it has none.</summary>
    public sealed record Value(Expression Expression, string Unit, bool IsPercent) : Answer;

    /// <summary>A tuple, an interval, a set, or a list without brackets (<see cref="Bare"/> on both sides).</summary>
    public sealed record Sequence(char Open, char Close, IReadOnlyList<Answer> Items) : Answer
    {
        public const char Bare = ' ';

        public bool IsSet => Open == '{';

        public bool IsBare => Open == Bare;
    }

    /// <summary>Sets joined: (-∞, 1) ∪ (2, ∞).</summary>
    public sealed record Union(IReadOnlyList<Answer> Parts) : Answer;

    public sealed record Matrix(IReadOnlyList<IReadOnlyList<Answer>> Rows) : Answer;

    /// <summary>Equations and inequalities, perhaps in a chain: 1 &lt; x ≤ 2 has three sides and two signs.</summary>
    public sealed record Relation(IReadOnlyList<Expression> Sides, IReadOnlyList<string> Signs) : Answer;

    /// <summary>An answer in words, lower case, letters and digits only.</summary>
    public sealed record Words(string Text) : Answer;
}
