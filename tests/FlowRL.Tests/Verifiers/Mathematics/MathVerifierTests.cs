using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tests.Verifiers.Mathematics;

public sealed class MathVerifierTests
{
    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("(5", "')' is missing")]
    [InlineData("5 @ 6", "'@' is not understood there")]
    public void A_right_answer_that_is_not_read_is_told_with_its_reason(string gold, string reason) =>
        Assert.Equal(reason, MathVerifier.WhyUnreadable(gold));

    [Fact]
    public void A_right_answer_that_is_too_long_is_not_read() =>
        Assert.Equal("it has over 2000 characters", MathVerifier.WhyUnreadable(new string('7', 2001)));

    [Theory]
    [InlineData("73")]
    [InlineData(@"\text{(B)}")]
    [InlineData("even")]
    [InlineData(@"$x \in [1, 2)$.")]
    public void A_right_answer_that_is_read_has_no_reason(string gold) => Assert.Null(MathVerifier.WhyUnreadable(gold));
}
