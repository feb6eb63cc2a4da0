using CsCheck;
using FlowRL.Tasks.Countdown;
using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tests.Tasks.Countdown;

public sealed class SolutionFormTests
{
    private static Gen<CountdownExpression> Trees(int depth) => depth == 0
        ? Gen.Int[1, 20].Select(value => (CountdownExpression)new Number(value))
        : Gen.Frequency(
            (1, Trees(0)),
            (3, Gen.Select(Gen.Char["+-*/"], Trees(depth - 1), Trees(depth - 1),
                (symbol, left, right) => (CountdownExpression)new Operation(symbol, left, right))));

    private static string FormOf(string text) => SolutionForm.Of(ExpressionReader.Read(text)!);

    [Theory]
    [InlineData("8-(3-2)", "8-3+2")]
    [InlineData("8-(3-2)", "8+2-3")]
    [InlineData("a*b/c", "a/c*b")]
    [InlineData("a*b/c", "a/(c/b)")]
    [InlineData("a-(b-(c-d))", "c+a-b-d")]
    [InlineData("a/(b/(c/d))", "c*a/d/b")]
    [InlineData("(a+b)*c", "c*(b+a)")]
    public void Commuting_and_re_associating_keeps_the_form(string one, string other) =>
        Assert.Equal(FormOf(Numbered(one)), FormOf(Numbered(other)));

    [Theory]
    [InlineData("a*(b+c)", "a*b+a*c")]
    [InlineData("a*d", "a/d")]
    [InlineData("a-b", "b-a")]
    [InlineData("(a-b)*(c-d)", "(b-a)*(d-c)")]
    [InlineData("a-b*c", "(a-b)*c")]
    public void Other_changes_give_another_form(string one, string other) =>
        Assert.NotEqual(FormOf(Numbered(one)), FormOf(Numbered(other)));

    [Fact]
    public void Plain_parts_come_before_inverse_ones_and_short_before_long() =>
        Assert.Equal("2+9+10*11-1-(3+4)/5", FormOf("10*11-1+9-(4+3)/5+2"));

    // Random applications of the defining moves: swap the operands of + and ×; rotate a∘(b∘c) to (a∘b)∘c with the operator that keeps
    // the meaning.
    [Fact]
    public void The_defining_moves_keep_form_and_value() =>
        Gen.Select(Trees(4), Gen.ULong).Sample((tree, seed) =>
        {
            var draws = 0L;
            var moved = Move(tree);
            Assert.Equal(SolutionForm.Of(tree), SolutionForm.Of(moved));
            if (tree.Evaluate() is { } value && moved.Evaluate() is { } other) Assert.Equal(value, other);

            bool Coin() => Seeds.Below(seed, draws++, 2) == 1;

            CountdownExpression Move(CountdownExpression expression)
            {
                if (expression is not Operation operation) return expression;
                var (left, right) = (Move(operation.Left), Move(operation.Right));
                var symbol = operation.Symbol;
                if (symbol is '+' or '*' && Coin()) (left, right) = (right, left);
                if (right is not Operation inner || inner.IsSum != operation.IsSum || Coin()) return new Operation(symbol, left, right);
                var plain = operation.IsSum ? '+' : '*';
                var inverse = operation.IsSum ? '-' : '/';
                var last = (symbol == plain) == (inner.Symbol == plain) ? plain : inverse;
                return new Operation(last, new Operation(symbol, left, inner.Left), inner.Right);
            }
        });

    [Fact]
    public void A_form_is_an_expression_of_the_same_form_and_value() =>
        Trees(3).Sample(tree =>
        {
            var form = SolutionForm.Of(tree);
            var read = ExpressionReader.Read(form)!;
            Assert.Equal(form, SolutionForm.Of(read));
            if (tree.Evaluate() is { } value && read.Evaluate() is { } other) Assert.Equal(value, other);
        });

    [Fact]
    public void Reading_what_was_written_gives_an_equal_tree() =>
        Trees(4).Sample(tree => Assert.Equal(tree, ExpressionReader.Read(tree.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("1+")]
    [InlineData("-1")]
    [InlineData("01")]
    [InlineData("1 + 2")]
    [InlineData("(1+2")]
    [InlineData("1+2)")]
    [InlineData("1,2")]
    [InlineData("9999999999")]
    public void Text_off_the_grammar_is_no_expression(string text) => Assert.Null(ExpressionReader.Read(text));

    private static string Numbered(string letters) => letters.Replace('a', '9').Replace('b', '7').Replace('c', '5').Replace('d', '4');
}
