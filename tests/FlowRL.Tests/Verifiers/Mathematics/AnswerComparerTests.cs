using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tests.Verifiers.Mathematics;

public sealed class AnswerComparerTests
{
    [Theory]
    // Numbers
    [InlineData("1/2", "0.5")]
    [InlineData(@"\frac{1}{2}", "0.50")]
    [InlineData(@"\frac12", @"\dfrac{1}{2}")]
    [InlineData(@"\frac1{72}", "1/72")]
    [InlineData("1,234", "1234")]
    [InlineData("1,234", "1, 234")] // also a list of two
    [InlineData(@"12{,}000", @"12,\!000")]
    [InlineData(@"3\frac{1}{2}", "7/2")]
    [InlineData("3 1/2", "3.5")]
    [InlineData(@"0.\overline{3}", "1/3")]
    [InlineData(@"0.1\overline{6}", "1/6")]
    [InlineData(@"1.5\times 10^3", "1500")]
    [InlineData("1.5e-3", "0.0015")]
    [InlineData(".5", "0.5")]
    [InlineData("2^{10}", "1024")]
    [InlineData("2^10", "2**10")]
    [InlineData("43", "70-27")]
    [InlineData("5!", "120")]
    [InlineData(@"\binom{5}{2}", "10")]
    [InlineData(@"\frac{1}{2004!}", @"\dfrac{1}{2004!}")]
    [InlineData("110_2", "110_{2}")]
    [InlineData("110_2", "110")]
    // Surds, functions, constants
    [InlineData(@"\sqrt{8}", @"2\sqrt2")]
    [InlineData(@"\frac{\sqrt{3}}{3}", @"\frac{1}{\sqrt 3}")]
    [InlineData(@"\sqrt[3]{-8}", "-2")]
    [InlineData(@"\sqrt{16}", "4")]
    [InlineData(@"\frac{\pi}{2}", "π/2")]
    [InlineData(@"\log_2 8", "3")]
    [InlineData(@"\sin 30^\circ", @"\sin(30^\circ)")]
    [InlineData("i", @"\sqrt{-1}")]
    [InlineData(@"e^{i\pi}", "-1")]
    [InlineData(@"|3-5|", "2")]
    [InlineData(@"\lfloor 7/2 \rfloor", "3")]
    // Expressions
    [InlineData("x^2+2x+1", "(x+1)^2")]
    [InlineData("x^2+2x+1", "1+2x+x^2")]
    [InlineData("a^2-b^2", "(a-b)(a+b)")]
    [InlineData(@"\frac{x+1}{x-1}", @"\frac{-x-1}{1-x}")]
    [InlineData(@"\sin^2 x+\cos^2 x", "1")]
    [InlineData("xy", "y x")]
    [InlineData(@"x_1 + x_{2}", "x_{2}+x_1")]
    // Units, percent, money
    [InlineData(@"10\%", "10")]
    [InlineData(@"10\%", "0.1")]
    [InlineData("0.1", "10%")]
    [InlineData(@"10\text{ cm}", "10")]
    [InlineData(@"10\text{ cm}^2", @"10\,\text{cm}^{2}")]
    [InlineData("10 apples", "10 apple")]
    [InlineData(@"90^\circ", "90")]
    [InlineData("45 degrees", "45")]
    [InlineData(@"\$5.00", "5")]
    // Equations and inequalities
    [InlineData("x=5", "5")]
    [InlineData("5", "x = 5")]
    [InlineData("y=2x+1", "2x+1")]
    [InlineData("y=2x+1", "y-2x=1")]
    [InlineData("f(x) = x^2", "x^2")]
    [InlineData("5x-7y+11z+4=0", "10x-14y+22z+8=0")]
    [InlineData("x>3", @"(3,\infty)")]
    [InlineData(@"1<x\le 2", "(1,2]")]
    [InlineData(@"x \in [0,1]", "[0, 1]")]
    [InlineData("x>3", "3<x")]
    [InlineData("4", "2+2=4")]
    // Several values
    [InlineData("(1,2)", "( 1 , 2 )")]
    [InlineData("(1/2,3)", "(0.5,3)")]
    [InlineData("1,2", "2,1")]
    [InlineData("1,2", @"2 \text{ and } 1")]
    [InlineData(@"\{1,2\}", "1, 2")]
    [InlineData(@"1\pm\sqrt{2}", @"1-\sqrt2, 1+\sqrt2")]
    [InlineData(@"\{1\pm\sqrt{5},-2\}", @"\{-2,1+\sqrt5,1-\sqrt5\}")]
    [InlineData("x=1 or x=2", "1, 2")]
    [InlineData(@"(-\infty,1)\cup(2,\infty)", @"(2,\infty)\cup(-\infty,1)")]
    [InlineData(@"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", @"\begin{bmatrix}1&2\\3&4\end{bmatrix}")]
    [InlineData(@"\left(\frac34,5\right)", "(0.75, 5)")]
    [InlineData("2:3", "2 : 3")]
    // Words and choices
    [InlineData(@"\text{east}", "East")]
    [InlineData("even", "Even.")]
    [InlineData(@"\text{(B)}", "B")]
    [InlineData("B", "(B) 12")]
    [InlineData(@"\text{4:30 p.m.}", "4:30 pm")]
    public void Answers_that_say_the_same_are_equal(string gold, string prediction)
    {
        var comparison = AnswerComparer.Compare(gold, prediction, new AnswerRules());
        Assert.True(comparison.Outcome == AnswerOutcome.Equal, comparison.Reason);
    }

    [Theory]
    [InlineData("1/3", "0.333", "333/1000, not 1/3")]
    [InlineData("10", "-10", "-10, not 10")]
    [InlineData(@"10\%", "0.2", "1/5, not 10")]
    [InlineData(@"\text{10 cm}", @"10\text{ mm}", "in mm, not cm")]
    [InlineData("110_2", "110_3", "another base")]
    [InlineData("110_2", "6", "6, not 110")]
    [InlineData(@"\sqrt{2}", "1.41421356", "another number")]
    [InlineData(@"\pi", "3.14", "another number")]
    [InlineData("x^2", "x^3", "another value where the variables have values")]
    [InlineData("x", "y", "another value where the variables have values")]
    [InlineData("(1,2)", "(2,1)", "part 1: 2, not 1")]
    [InlineData("(1,2)", "[1,2)", "brackets [ ), not ( )")]
    [InlineData("1,2", "1,2,3", "3 parts, not 2")]
    [InlineData("1,1", "1,2", "part 2 is none of those expected")]
    [InlineData("0", "2x+1=0", "an equation or inequality, not a value")]
    [InlineData("x>3", "x<3", "another equation or inequality")]
    [InlineData("x>3", @"[3,\infty)", "brackets [ ), not ( )")]
    [InlineData("x=5", "t=5", "another equation or inequality")]
    [InlineData("east", "west", "other words")]
    [InlineData("5", "five", "words, not a value")]
    [InlineData("B", "C", "choice C, not B")]
    [InlineData("2:3", "4:6", "part 1: 4, not 2")]
    [InlineData(@"\infty", @"-\infty", "the other infinity")]
    [InlineData("5", "", "there is no answer")]
    public void Other_answers_are_different(string gold, string prediction, string reason) =>
        Assert.Equal(AnswerComparison.Different(reason), AnswerComparer.Compare(gold, prediction, new AnswerRules()));

    [Theory]
    [InlineData("", "5", "there is no right answer to compare with")]
    [InlineData("5", "(5", "the answer is not read: ')' is missing")]
    [InlineData("5", "5 @ 6", "the answer is not read: '@' is not understood there")]
    [InlineData("9^9^9^9", "9^9^9^9+1", "a value is undefined or too large")]
    [InlineData("5", "1/0", "a value is undefined or too large")]
    [InlineData("0", @"10^{20}+\sqrt{2}-10^{20}-\sqrt{2}", "the difference is lost in rounding")]
    public void What_cannot_be_decided_is_said(string gold, string prediction, string reason) =>
        Assert.Equal(AnswerComparison.Undecided(reason), AnswerComparer.Compare(gold, prediction, new AnswerRules()));

    [Fact]
    public void Rules_on_which_graders_disagree_are_options()
    {
        var rules = new AnswerRules();
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare("1,2", "2,1", rules with { ListOrder = true }).Outcome);
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare(@"10\%", "10", rules with { Percent = PercentRule.Ratio }).Outcome);
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare(@"10\%", "0.1", rules with { Percent = PercentRule.Number }).Outcome);
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare("10 cm", "10", rules with { Units = true }).Outcome);
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare("5", "x=5", rules with { BareEquations = false }).Outcome);
        Assert.Equal(AnswerOutcome.Different, AnswerComparer.Compare("x>3", @"(3,\infty)", rules with { InequalityIsInterval = false }).Outcome);
        Assert.Equal(AnswerOutcome.Equal, AnswerComparer.Compare("1/3", "0.333", rules with { RelativeTolerance = 0.01 }).Outcome);
    }
}
