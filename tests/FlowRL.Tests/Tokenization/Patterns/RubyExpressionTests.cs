using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tests.Tokenization.Patterns;

public sealed class RubyExpressionTests
{
    [Theory]
    [InlineData(@"\p{L}++", @"(?>\p{L}+)")]
    [InlineData(@"[^\r\n\p{L}\p{N}]?+\p{L}+", @"(?>[^\r\n\p{L}\p{N}]?)\p{L}+")]
    [InlineData(@"[\r\n]*+", @"(?>[\r\n]*)")]
    [InlineData(@"\p{N}{1,3}+", @"(?:\p{N}{1,3})+")]
    [InlineData("a{,3}", "a{0,3}")]
    [InlineData("a{2}?", "(?:a{2})?")]
    [InlineData("a{2,3}?", "a{2,3}?")]
    [InlineData("a{x}", @"a\{x}")]
    [InlineData(@"\s++$", @"(?>\s+)(?m:$)")]
    [InlineData("(?i:'s|'k)", "(?i:'[sſ]|'[k\u212A])")]
    [InlineData("(?i:[r-t])", "(?i:[r-tſ])")]
    [InlineData("(a|b)", "(?:a|b)")]
    [InlineData(@"\w", @"[\p{L}\p{M}\p{N}\p{Pc}]")]
    [InlineData(@"\p{^L}", @"\P{L}")]
    [InlineData(@"\x{2581}", @"\u2581")]
    [InlineData("[!-/:-@]", "[!-/:-@]")]
    [InlineData(@"[\u4e00-\u9fa5\x41-\x{5A}\--/a-]", @"[一-龥A-Z\--/a\-]")]
    [InlineData("\\t|é|\\.|.|\r", @"\u0009|\u00E9|\.|.|\u000D")]
    [InlineData(@"(?<!\d)(?=\S)", @"(?<!\d)(?=\S)")]
    public void An_expression_is_written_as_dotnet_reads_it(string ruby, string dotnet) => Assert.Equal(dotnet, RubyExpression.ToDotNet(ruby));

    [Theory]
    [InlineData(@"\p{Han}+", @"uses \p{Han} at character 7, which cannot be matched here")]
    [InlineData(@"[\p{L}&&[^a]]", "uses && at character 6, which cannot be matched here")]
    [InlineData("[a[b]]", "uses [ inside of a class at character 2, which cannot be matched here")]
    [InlineData(@"[a-\d]", "uses a class as the end of a range at character 3, which cannot be matched here")]
    [InlineData("(?<name>a)", "uses (?<n at character 0, which cannot be matched here")]
    [InlineData("a(?i)b", "uses (?i) at character 1, which cannot be matched here")]
    [InlineData("(?m:.)", "uses (?m: at character 0, which cannot be matched here")]
    [InlineData(@"\bword", @"uses \b at character 2, which cannot be matched here")]
    [InlineData("+a", "uses + at character 0, which cannot be matched here")]
    [InlineData("a)", "uses ) at character 1, which cannot be matched here")]
    [InlineData("(a", "has a group that is not closed")]
    [InlineData("[a", "has a class that is not closed")]
    [InlineData("a\\", "ends in a backslash")]
    [InlineData("😀", "names a character beyond U+FFFF, which cannot be matched here")]
    public void What_may_mean_something_else_is_refused(string ruby, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => RubyExpression.ToDotNet(ruby)).Message);
}
