using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

public sealed class OutputRuleTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("1.0", "1", true)]
    [InlineData("1", "1.", true)]
    [InlineData("-3", "-3.000", true)]
    [InlineData("1000", "1e3", true)]
    [InlineData("1e3", "1000", true)]
    [InlineData("1000", "1E+3", true)]
    [InlineData("120", "1.2e2", true)]
    [InlineData("0", "-0.0", true)]
    [InlineData("-0.0", "0", true)]
    [InlineData("0", "0e7", true)]
    [InlineData("5", "+5", true)]
    [InlineData("1", "1.0000001", false)] // a whole number is exact
    [InlineData("1", "-1.0", false)]
    [InlineData("10", "1.0", false)]
    [InlineData("1", "0.1e2", false)]
    [InlineData("12345678901234567890", "12345678901234567891", false)] // beyond what a double tells apart
    [InlineData("12345678901234567890", "12345678901234567890.0", true)]
    [InlineData("0101", "101", false)] // a word of zeros and ones
    [InlineData("101", "0101", false)]
    [InlineData("0.3", "0.30000000000000004", true)]
    [InlineData("0.3", "0.31", false)]
    [InlineData("3.0", "3.0000001", true)]
    [InlineData("1234567.0", "1234567.5", true)] // relative to its size
    [InlineData("nan", "NaN", true)]
    [InlineData("nan", "0", false)]
    [InlineData("inf", "Infinity", true)]
    [InlineData("inf", "-inf", false)]
    [InlineData("1.5", "inf", false)]
    [InlineData("a  b\n\nc\t", "a b c", true)]
    [InlineData("1 2\n3\n", "1\n2\n3", true)]
    [InlineData("1.0 2", "1 2.0", true)]
    [InlineData("1 2\r\n3\r\n", "1 2\n3   \n", true)]
    [InlineData("1 2", "1 2 3", false)]
    [InlineData("1 2", "1", false)]
    [InlineData("", " \n", true)]
    [InlineData("YES", "Yes", false)]
    [InlineData("e", "E", false)]
    [InlineData("1_000", "1000", false)]
    [InlineData("0x10", "16", false)]
    [InlineData("1.2.3", "1.2.30", false)]
    public void Words_are_compared_one_by_one(string expected, string output, bool isRight) =>
        Assert.Equal(isRight, new TokenOutputOptions().Create().Accepts("", expected, output));

    [Theory]
    [InlineData("1", "1.0", false)]
    [InlineData("1 2", "1  2", false)]
    [InlineData("1\n", "1", true)]
    [InlineData("1\r\n", "1\n", true)]
    [InlineData("1 ", "1", false)]
    public void Exactly_is_character_by_character(string expected, string output, bool isRight) =>
        Assert.Equal(isRight, new ExactOutputOptions().Create().Accepts("", expected, output));

    /// <summary>Numbers of any length, and none that is one, take no longer than they are long.</summary>
    [Fact]
    public void Long_numbers_are_compared_too()
    {
        var digits = new string('7', 300);
        var rule = new TokenOutputOptions().Create();

        Assert.True(rule.Accepts("", digits, digits + ".0"));
        Assert.False(rule.Accepts("", digits, digits[..^1] + "8.0"));
        Assert.False(rule.Accepts("", "1", "1e999999999999"));
        Assert.False(rule.Accepts("", "0", "0." + new string('0', 100_000) + "1"));
    }
}
