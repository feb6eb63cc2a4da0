using System.Numerics;

namespace FlowRL.Rewards.Mathematics;

/// <summary>Values for variables, the same for the same name every time.</summary>
internal static class SamplePoint
{
    public static IReadOnlyDictionary<string, Rational> None { get; } = new Dictionary<string, Rational>();

    /// <summary>
    /// The <paramref name="index"/>th point: fractions of some hundred up to three, positive at even points and of either sign at odd ones, so that
    /// roots and logarithms have real points too.
    /// </summary>
    public static IReadOnlyDictionary<string, Rational> Of(IEnumerable<string> variables, int index) => variables.ToDictionary(name => name, name =>
    {
        var draw = Seeds.Derive(0, name, index);
        var negative = index % 2 == 1 && (draw & 1) == 1;
        var (top, bottom) = ((BigInteger)(101 + draw / 2 % 899), (BigInteger)(307 + draw / 2048 % 97));
        return Rational.Of(negative ? -top : top, bottom)!.Value;
    });
}
