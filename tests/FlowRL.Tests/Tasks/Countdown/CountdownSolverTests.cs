using FlowRL.Tasks.Countdown;

namespace FlowRL.Tests.Tasks.Countdown;

public sealed class CountdownSolverTests
{
    // Forms of n different operands. Let s be the sums and p the products over a set; both have the same count by duality. A sum parts
    // the set into k >= 2 blocks, each a number or a product, with one of 2^k - 1 sign patterns (not all minus):
    // s(2) = 3; s(3) = 7 + 3*3*3 = 34; s(4) = 15 + 6*3*7 + 3*3*3*3 + 4*34*3 = 630. All forms: 2 s(n).
    [Theory]
    [InlineData(new[] { 1009, 2503 }, 6)]
    [InlineData(new[] { 1009, 2503, 7001 }, 68)]
    [InlineData(new[] { 1009, 2503, 7001, 19013 }, 1260)]
    public void Every_canonical_form_is_found(int[] numbers, int count)
    {
        var forms = AllTrees(numbers).Select(SolutionForm.Of).ToHashSet();
        Assert.Equal(count, forms.Count);
        var targets = AllTrees(numbers).Select(tree => tree.Evaluate()).OfType<Rational64>().Where(value => value.IsInteger).ToHashSet();
        foreach (var target in targets.Where(value => Math.Abs(value.Numerator) < int.MaxValue))
        {
            var found = CountdownSolver.CanonicalSolutions(numbers, (int)target.Numerator);
            var expected = AllTrees(numbers).Where(tree => tree.Evaluate() == target).Select(SolutionForm.Of).Distinct();
            Assert.Equal(expected.Order(StringComparer.Ordinal), found);
            if (numbers.Length == 4) break;
        }
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, 6, new[] { "1*2*3", "1+2+3", "2*3/1" })]
    [InlineData(new[] { 3, 3, 8, 8 }, 24, new[] { "8/(3-8/3)" })]
    [InlineData(new[] { 1, 5, 5, 5 }, 24, new[] { "5*(5-1/5)" })]
    [InlineData(new[] { 7, 7, 4 }, 4, new[] { "4*7/7", "4+7-7" })]
    public void Known_puzzles_have_their_known_solutions(int[] numbers, int target, string[] solutions) =>
        Assert.Equal(solutions, CountdownSolver.CanonicalSolutions(numbers, target));

    [Theory]
    [InlineData(new[] { 3, 4, 4, 9 })]
    [InlineData(new[] { 1, 1, 1, 1 })]
    [InlineData(new[] { 2, 5, 11, 13 })]
    public void Counts_and_natural_targets_agree_with_solving_each_target_by_brute_force(int[] numbers)
    {
        var counts = CountdownSolver.CountByTarget(numbers, 0, 40);
        var natural = CountdownSolver.NaturalTargets(numbers, 0, 40);
        var trees = AllTrees(numbers).Where(tree => tree.Evaluate() is not null).ToLookup(tree => tree.Evaluate()!.Value);
        for (var target = 0; target <= 40; target++)
        {
            var solutions = trees[new Rational64(target)].ToList();
            Assert.Equal(solutions.Select(SolutionForm.Of).Distinct().Count(), counts.GetValueOrDefault(target));
            Assert.Equal(solutions.Any(IsNatural), natural.Contains(target));
        }
    }

    // An independent search: replace any two of the list by any of the four operations on them, until one is left.
    private static IEnumerable<CountdownExpression> AllTrees(IEnumerable<int> numbers)
    {
        return Reduce([.. numbers.Select(number => new CountdownExpression.Number(number))]);

        static IEnumerable<CountdownExpression> Reduce(CountdownExpression[] list) => list.Length == 1
            ? list
            : from i in Enumerable.Range(0, list.Length)
              from j in Enumerable.Range(0, list.Length)
              where i != j
              from symbol in "+-*/"
              let rest = list.Where((_, k) => k != i && k != j)
              from tree in Reduce([.. rest, new CountdownExpression.Operation(symbol, list[i], list[j])])
              select tree;
    }

    private static bool IsNatural(CountdownExpression expression) => expression.Evaluate() is { IsNatural: true }
        && (expression is not CountdownExpression.Operation operation || (IsNatural(operation.Left) && IsNatural(operation.Right)));
}
