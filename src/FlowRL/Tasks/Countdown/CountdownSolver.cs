using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tasks.Countdown;

/// <summary>
/// Exhaustive search in exact arithmetic: every binary tree over a multiset of numbers, each number used once. Trees that differ by
/// commuting + or × are visited once; four different numbers have 3240 trees, in 1260 canonical forms.
/// </summary>
internal static class CountdownSolver
{
    /// <summary>Every tree whose value is <paramref name="target"/>, in a fixed order.</summary>
    /// <param name="numbers">The numbers, in any order; the result does not depend on it.</param>
    /// <param name="target">The value to reach.</param>
    /// <param name="naturalOnly">Whether every intermediate value must be an integer of zero or more.</param>
    public static IEnumerable<CountdownExpression> Solutions(IEnumerable<int> numbers, int target, bool naturalOnly = false)
    {
        var wanted = new Rational64(target);
        return Search(numbers.Order().ToArray(), naturalOnly).Where(found => found.Value == wanted).Select(found => found.ToExpression());
    }

    /// <summary>The canonical forms of all solutions, sorted ordinally.</summary>
    public static IReadOnlyList<string> CanonicalSolutions(IEnumerable<int> numbers, int target) =>
        [.. Solutions(numbers, target).Select(SolutionForm.Of).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The targets in a range that can be reached through integers of zero or more, ascending.</summary>
    public static IReadOnlyList<int> NaturalTargets(IEnumerable<int> numbers, int minTarget, int maxTarget) =>
        [.. Search(numbers.Order().ToArray(), naturalOnly: true)
            .Select(found => found.Value.Numerator)
            .Where(value => value >= minTarget && value <= maxTarget)
            .Distinct().Order().Select(value => (int)value)];

    /// <summary>How many canonical solutions each integer target in a range has, where it has any.</summary>
    public static IReadOnlyDictionary<int, int> CountByTarget(IEnumerable<int> numbers, int minTarget, int maxTarget) =>
        Search(numbers.Order().ToArray(), naturalOnly: false)
            .Where(found => found.Value.IsInteger && found.Value.Numerator >= minTarget && found.Value.Numerator <= maxTarget)
            .GroupBy(found => (int)found.Value.Numerator, found => SolutionForm.Of(found.ToExpression()))
            .ToDictionary(group => group.Key, group => group.Distinct().Count());

    // The root is not built until someone wants it: most trees miss the target.
    private static IEnumerable<Root> Search(int[] numbers, bool naturalOnly)
    {
        foreach (var (first, second) in Splits(numbers))
        {
            var rights = Trees(second, naturalOnly);
            foreach (var a in Trees(first, naturalOnly))
            {
                foreach (var b in rights)
                {
                    foreach (var (symbol, swapped) in Operations)
                    {
                        var (left, right) = swapped ? (b, a) : (a, b);
                        if (Rational64.Apply(symbol, left.Value, right.Value) is { } value && (!naturalOnly || value.IsNatural))
                            yield return new Root(symbol, left.Expression, right.Expression, value);
                    }
                }
            }
        }
    }

    private static readonly (char Symbol, bool Swapped)[] Operations =
        [('+', false), ('*', false), ('-', false), ('-', true), ('/', false), ('/', true)];

    private static List<Tree> Trees(int[] numbers, bool naturalOnly) => numbers.Length == 1
        ? [new Tree(new Number(numbers[0]), new Rational64(numbers[0]))]
        : [.. Search(numbers, naturalOnly).Select(found => new Tree(found.ToExpression(), found.Value))];

    /// <summary>Each way to part a sorted multiset in two, once: equal numbers are exchangeable.</summary>
    private static IEnumerable<(int[] First, int[] Second)> Splits(int[] numbers)
    {
        var seen = new HashSet<string>();
        // The first number is always in the first part, so each unordered split has one mask.
        for (var mask = 1; mask < (1 << numbers.Length) - 1; mask += 2)
        {
            var first = numbers.Where((_, i) => (mask >> i & 1) == 1).ToArray();
            if (seen.Add(string.Join(',', first))) yield return (first, numbers.Where((_, i) => (mask >> i & 1) == 0).ToArray());
        }
    }

    private readonly record struct Tree(CountdownExpression Expression, Rational64 Value);

    private readonly record struct Root(char Symbol, CountdownExpression Left, CountdownExpression Right, Rational64 Value)
    {
        public Operation ToExpression() => new(Symbol, Left, Right);
    }
}
