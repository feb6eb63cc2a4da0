using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Tests.Verifiers.Mathematics.Values;

/// <summary>Some hundred bits tell apart what double precision does not, and agree where two expressions are one number.</summary>
public sealed class PreciseEvaluationTests
{
    [Theory]
    [InlineData(@"\pi", @"16\arctan\frac15-4\arctan\frac1{239}")] // Machin
    [InlineData(@"\pi", @"6\arcsin\frac12")]
    [InlineData(@"\pi", @"3\arccos\frac12")]
    [InlineData(@"e", @"\exp(1/2)^2")]
    [InlineData(@"\ln 6", @"\ln 2+\ln 3")]
    [InlineData(@"\ln 10^{-9}", @"-9\ln 10")]
    [InlineData(@"\log_2 10", @"\frac{\ln 10}{\ln 2}")]
    [InlineData(@"\sin^2 7+\cos^2 7", "1")]
    [InlineData(@"\sin 100", @"2\sin 50\cos 50")]
    [InlineData(@"\tan\frac{\pi}{8}", @"\sqrt2-1")]
    [InlineData(@"\cot\frac{\pi}{8}", @"\sqrt2+1")]
    [InlineData(@"\sec\frac{\pi}{3}+\csc\frac{\pi}{6}", "4")]
    [InlineData(@"\cosh^2 2-\sinh^2 2", "1")]
    [InlineData(@"\tanh 1", @"\frac{e^2-1}{e^2+1}")]
    [InlineData(@"\arctan(-3)", @"\arctan 2+\arctan 1-\pi")]
    [InlineData(@"e^{i\pi/3}", @"\frac{1+i\sqrt3}{2}")]
    [InlineData(@"i^i", @"e^{-\pi/2}")]
    [InlineData(@"\sqrt{-2}\sqrt{-3}", @"-\sqrt6")]
    [InlineData(@"\ln(-1)", @"i\pi")]
    [InlineData(@"\sqrt[3]{2+\sqrt5}+\sqrt[3]{2-\sqrt5}", "1")]
    [InlineData(@"2^{\sqrt2}", @"e^{\sqrt2\ln 2}")]
    [InlineData(@"|3+4i|", "5")]
    [InlineData(@"\lfloor\sqrt2\sqrt2\rfloor+\lceil\pi\rceil", "6")]
    public void The_same_number_written_otherwise_is_the_same(string a, string b)
    {
        Assert.True(AreEqual(a, b));
        Assert.False(AreEqual(a, $"({b})(1+10^{{-40}})"));
    }

    [Theory]
    [InlineData(@"e^{\pi\sqrt{163}}", "262537412640768744")] // Ramanujan's constant: 7.5e-13 apart
    [InlineData(@"\sqrt{10^{30}+1}", "10^{15}")]
    [InlineData(@"\sqrt2+\sqrt3", @"\pi")]
    [InlineData(@"\frac{\ln(640320^3+744)}{\sqrt{163}}", @"\pi")] // thirty digits agree
    public void Numbers_that_nearly_agree_are_told_apart(string a, string b) => Assert.False(AreEqual(a, b));

    [Theory]
    [InlineData(@"\sqrt{10^{400}+1}", "10^{200}")] // asks for more bits than are spent
    [InlineData(@"\frac{1}{\sqrt2-\sqrt2}", "1")]
    [InlineData(@"e^{e^{20}}", "1")]
    [InlineData(@"\arcsin 2", "1")]
    public void What_is_too_long_or_undefined_is_not_said(string a, string b) => Assert.Null(AreEqual(a, b));

    private static bool? AreEqual(string a, string b) => PreciseEvaluation.AreEqual(Read(a), Read(b), SamplePoint.None, 1);

    private static Expression Read(string text) => new ExpressionParser(new TokenReader(new AnswerLexer(text, new Ambiguities(Thousands: true)).Read())).Sum();
}
