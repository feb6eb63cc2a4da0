using System.Globalization;
using CsCheck;
using FlowRL.Tasks.Countdown;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Mathematics.Steps;
using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tests.Verifiers.Mathematics.Steps;

/// <summary>What holds of every calculation that is written as steps. Countdown's own forms, made by other code, say which calculations are the same.</summary>
public sealed class WrittenSolutionLawTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(50);

    private static readonly string[] Frames =
    [
        "{0} {1} {2} = {3}", "So that makes {0}{1}{2}={3} of them.", "- {0} {1} {2} = {3}", "There are {0} boys {1} {2} girls = {3} children.",
        "{0}{1}{2} = <<{0}{1}{2}={3}>>{3} left", @"\({0} {1} {2} = {3}\)", "Total: ${0} {1} ${2} = ${3}!", "**{0} {1} {2} = {3}**", "{3} = {0} {1} {2}",
    ];

    private static readonly Gen<(CountdownExpression Tree, CountdownExpression Other)> Trees = Gen.Select(Gen.Int[1, 30].Array[3, 4], Gen.Int[1, 60])
        .Select((numbers, target) => CountdownSolver.Solutions(numbers, target).Where(IsUnambiguous).ToList()).Where(trees => trees.Count > 0)
        .SelectMany(trees => Gen.Select(Gen.OneOf(trees.ToArray()), Gen.OneOf(trees.ToArray())));

    [Fact]
    public void Steps_in_any_order_with_operands_in_any_order_are_the_expression_that_they_calculate() =>
        Gen.Select(Trees, Gen.ULong).Sample((trees, seed) => Assert.Equal(Whole(trees.Tree), Stepwise(trees.Tree, seed)), iter: 1000);

    [Fact]
    public void Two_calculations_are_one_solution_exactly_if_they_are_the_same_but_for_order_and_association() =>
        Gen.Select(Trees, Gen.ULong, Gen.ULong).Sample((trees, a, b) => Assert.Equal(
            SolutionForm.Of(trees.Tree) == SolutionForm.Of(trees.Other), Stepwise(trees.Tree, a) == Stepwise(trees.Other, b)), iter: 1000);

    [Fact]
    public void A_false_step_is_not_used() => Gen.Select(Trees, Gen.ULong, Gen.Int[1, 9]).Sample((trees, seed, wrong) =>
    {
        var steps = Steps(trees.Tree, seed);
        var last = steps[^1];
        var value = last.Result.Numerator;
        Assert.Null(Solution([.. steps[..^1].Select(Plain), $"{Operand(last.Left)} {last.Symbol} {Operand(last.Right)} = {value + wrong}"], value));
        // What is falsely said to give a number changes nothing.
        var first = steps[0];
        var lie = $"{Operand(first.Left)} {first.Symbol} {Operand(first.Right)} + {wrong} = {Operand(first.Result)}";
        Assert.Equal(Stepwise(trees.Tree, seed), Solution([lie, .. steps.Select(Plain)], value));
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_takes_over_50_ms(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, (1 << 16) / part.Length)) + " 3 + 4 = 7";
        var took = TimeSpan.MaxValue;
        for (var tries = 0; tries < 3 && took > Promised; tries++)
        {
            var again = ThreadClock.Of(() => WrittenSolution.Of(text, "7", "7"));
            if (again < took) took = again;
        }
        Assert.True(took <= Promised, $"{took.TotalMilliseconds} ms");
    }

    public static TheoryData<string> Hostile =>
    [
        "1+1=2 ", "9^99=9^99 ", "=", "(", ")", @"\frac{1}{", @"\frac12", "<<", ">>", "<<1+1=2>>", "a=", "x = ", "x + 1 = 2 ", "1/97+", "1/12345678901234567+",
        "1/123456789012345+", "2*2=4 4+4=8 8+8=16 ", "0+0=0\n", "5*1=5\n", "a = 3*4\nb = a*a\nc = b*b\na = c*c\n", @"\text{", "**", "5% of ", "((3)/(4))",
        "1,000 ", "= 3\n", ". ", "999999999999999*999999999999999*", "x_1", "1^", "-", "%", @"\\ ", "x1 = 3+", "10^(2)*", "{", "<<1", "9^9^9^9=", "1=1=",
        "2^-", "1.",
    ];

    /// <summary>No number can be taken for another: every result differs from the numbers given and from other results, and is no negative fraction.</summary>
    private static bool IsUnambiguous(CountdownExpression tree)
    {
        var results = Operations(tree).Select(operation => operation.Evaluate()).ToList();
        if (!results.TrueForAll(result => result is { } value && (value.IsInteger || value.Numerator > 0))) return false;
        List<Rational64> all = [.. results.Select(result => result!.Value), .. tree.Numbers().Distinct().Select(number => new Rational64(number))];
        return all.Distinct().Count() == all.Count && !results.Contains(new Rational64(0));
    }

    private static IEnumerable<Operation> Operations(CountdownExpression tree) =>
        tree is Operation operation ? [.. Operations(operation.Left), .. Operations(operation.Right), operation] : [];

    private static string? Whole(CountdownExpression tree) =>
        WrittenSolution.Of($"{tree}", $"{tree}", tree.Evaluate()!.Value.Numerator.ToString(CultureInfo.InvariantCulture));

    private static string? Stepwise(CountdownExpression tree, ulong seed) => Solution(
        [.. Steps(tree, seed).Select((step, i) => string.Format(CultureInfo.InvariantCulture, Frames[Seeds.Below(seed, 100 + i, Frames.Length)],
            Operand(step.Left), step.Symbol, Operand(step.Right), Operand(step.Result)))],
        tree.Evaluate()!.Value.Numerator);

    private static string? Solution(IEnumerable<string> steps, long value) =>
        WrittenSolution.Of($"{string.Join('\n', steps)}\nThe answer is {value}.", $"{value}", $"{value}");

    /// <summary>A valid order of the steps, as demonstrations of Countdown have them.</summary>
    private static List<Step> Steps(CountdownExpression tree, ulong seed) =>
        [.. Demonstration.Write(tree, seed).Split(';')[..^1].Select(step => ExpressionReader.ReadStep(step)!.Value)];

    private static string Plain(Step step) => $"{Operand(step.Left)} {step.Symbol} {Operand(step.Right)} = {Operand(step.Result)}";

    private static string Operand(Rational64 value) => value.IsInteger
        ? value.Numerator < 0 ? $"({value.Numerator})" : $"{value.Numerator}" : $@"\frac{{{value.Numerator}}}{{{value.Denominator}}}";
}
