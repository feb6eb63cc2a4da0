using System.Numerics;

namespace FlowRL.Verifiers.Mathematics.Values;

/// <summary>Values for variables, the same for the same name every time.</summary>
internal static class SamplePoint
{
    public static IReadOnlyDictionary<string, Rational> None { get; } = new Dictionary<string, Rational>();

    /// <summary>
    /// The <paramref name="index"/>th point: fractions of some hundred up to three, positive at even points and of either sign at odd ones, every third
    /// one a quarter as large, so that roots, logarithms and inverse sines have real points too.
    /// </summary>
    public static IReadOnlyDictionary<string, Rational> Of(IEnumerable<string> variables, int index) => variables.ToDictionary(name => name, name =>
    {
        var draw = Seeds.Derive(0, name, index);
        var negative = index % 2 == 1 && (draw & 1) == 1;
        var (top, bottom) = ((BigInteger)(101 + draw / 2 % 899), (BigInteger)(307 + draw / 2048 % 97));
        return Rational.Of(negative ? -top : top, index % 3 == 2 ? 4 * bottom : bottom)!.Value;
    });

    /// <summary>The <paramref name="index"/>th point of whole numbers from 1 to 40: for factorials and what else lives on them.</summary>
    public static IReadOnlyDictionary<string, Rational> Whole(IEnumerable<string> variables, int index) =>
        variables.ToDictionary(name => name, name => (Rational)(int)(1 + Seeds.Derive(1, name, index) % 40));

    /// <summary>Whether an expression means its variables to be whole: n!, C(n, k), (−1)ⁿ, remainders.</summary>
    public static bool AreWhole(Expression expression) => expression.Has(part => part switch
    {
        Expression.Call { Function: "!" or "!!" or "binom" or "perm" or "gcd" or "lcm" or "mod" } => !part.IsConstant,
        Expression.Power { Base: Expression.Number { Value.Sign: < 0 } } power => !power.Exponent.IsConstant,
        _ => false,
    });
}
