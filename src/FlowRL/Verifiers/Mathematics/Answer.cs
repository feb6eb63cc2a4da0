using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>An answer as read.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>A number or an expression, with its unit as <see cref="Reading.Units"/> names it; empty where it has none.</summary>
    public sealed record Value(Expression Expression, string Unit, bool IsPercent) : Answer
    {
        public static Value Of(Expression expression) => new(expression, "", false);
    }

    /// <summary>A number with its decimal: 1/3 ≈ 0.333 is either.</summary>
    public sealed record Rounded(Answer Exact, Answer Decimal) : Answer;

    /// <summary>A tuple, an interval, a set, or a list without brackets (<see cref="Bare"/> on both sides).</summary>
    public sealed record Sequence(char Open, char Close, IReadOnlyList<Answer> Items, Joiner Joiner = Joiner.Comma) : Answer
    {
        public const char Bare = ' ';
        public const char Ratio = ':';

        public bool IsSet => Open == '{';

        public bool IsBare => Open == Bare;

        public bool IsRatio => Open == Ratio;

        public static Sequence BareOf(IReadOnlyList<Answer> items, Joiner joiner) => new(Bare, Bare, items, joiner);
    }

    /// <summary>Sets joined: (-∞, 1) ∪ (2, ∞).</summary>
    public sealed record Union(IReadOnlyList<Answer> Parts) : Answer;

    /// <summary>What two sets share (∩), or one set without another (∖).</summary>
    public sealed record SetOperation(string Sign, Answer Left, Answer Right) : Answer;

    /// <summary>ℝ, ℤ and the like, ℝ+ for the positive ones.</summary>
    public sealed record NamedSet(string Name) : Answer
    {
        public const string Reals = "ℝ";
        public const string Integers = "ℤ";
    }

    /// <summary>{element | condition}; several conditions are a list without brackets.</summary>
    public sealed record Builder(Answer Element, Answer Condition) : Answer
    {
        public IReadOnlyList<Answer> Conditions => Condition is Sequence { IsBare: true } list ? list.Items : [Condition];
    }

    public sealed record Matrix(IReadOnlyList<IReadOnlyList<Answer>> Rows) : Answer;

    /// <summary>A value for each condition; null stands for "otherwise".</summary>
    public sealed record Cases(IReadOnlyList<(Answer Value, Answer? Condition)> Rows) : Answer;

    /// <summary>Equations and inequalities, perhaps in a chain: 1 &lt; x ≤ 2 has three sides and two signs.</summary>
    /// <param name="Sides">All sides.</param>
    /// <param name="Signs">The signs between them.</param>
    /// <param name="Last">The last side with its unit.</param>
    public sealed record Relation(IReadOnlyList<Expression> Sides, IReadOnlyList<string> Signs, Value Last) : Answer
    {
        public bool IsEquation => Signs.All(sign => sign == "=");
    }

    /// <summary>What has several parts, with its name: (x, y) = (1, 2), A = {1, 2}, x ∈ [0, 1].</summary>
    /// <param name="Names">One name, or one for each part.</param>
    /// <param name="Of">What is named.</param>
    /// <param name="IsMember">Whether the name is an element of it.</param>
    public sealed record Assigned(IReadOnlyList<string> Names, Answer Of, bool IsMember) : Answer;

    /// <summary>Answers with a parameter that runs through a set: kπ, k ∈ ℤ.</summary>
    public sealed record Family(IReadOnlyList<Answer> Members, string Parameter, string Domain) : Answer;

    /// <summary>Left ≡ Right (mod Modulus); without a left side, Right (mod Modulus).</summary>
    public sealed record Congruence(Expression? Left, Expression Right, Expression Modulus) : Answer;

    /// <summary>An answer in words, lower case, letters and digits only.</summary>
    /// <param name="Text">The words.</param>
    /// <param name="Product">A few letters read as a product of names, for a comparison with one that is written out; null for others.</param>
    public sealed record Words(string Text, Expression? Product = null) : Answer;
}

/// <summary>What stands between the items of a list without brackets.</summary>
internal enum Joiner
{
    /// <summary>A comma or a semicolon: "and" or "or", whichever makes sense.</summary>
    Comma,

    And,

    Or,
}
