namespace FlowRL.Tasks.Countdown;

/// <summary>Which problems exist and which split each belongs to.</summary>
internal static class CountdownProblems
{
    /// <summary>
    /// The problems of a split in a fixed pseudo-random order, in which every prefix holds four-number problems in the wanted share.
    /// Ends when either kind runs out.
    /// </summary>
    public static IReadOnlyList<Problem> Of(CountdownOptions options, Split split)
    {
        var share = options.FourNumberShare;
        var three = share < 1 ? Pool(options, split, size: 3) : [];
        var four = share > 0 ? Pool(options, split, size: 4) : [];
        var problems = new List<Problem>();
        for (int threes = 0, fours = 0; ;)
        {
            var wantsFour = Math.Floor((problems.Count + 1) * share + 1e-9) > fours;
            if ((wantsFour ? fours == four.Count : threes == three.Count) || IsCapped(options, split, problems.Count)) return problems;
            problems.Add((wantsFour ? four[fours++] : three[threes++]).ToProblem());
        }
    }

    /// <summary>The split of a multiset of numbers: 80% train, 10% validation, 10% test, by a hash of the numbers alone.</summary>
    public static Split SplitOf(ReadOnlySpan<int> sorted)
    {
        Span<long> indices = stackalloc long[sorted.Length];
        for (var i = 0; i < sorted.Length; i++) indices[i] = sorted[i];
        return Seeds.Uniform(Seeds.Derive(0, "countdown split", indices), 0) switch
        {
            < 0.8 => Split.Train,
            < 0.9 => Split.Validation,
            _ => Split.Test,
        };
    }

    private static bool IsCapped(CountdownOptions options, Split split, int count) =>
        split == Split.Train && options.TrainProblems > 0 && count == options.TrainProblems;

    private static IReadOnlyList<CountdownPuzzle> Pool(CountdownOptions options, Split split, int size)
    {
        var found = Multisets(options.MinNumber, options.MaxNumber, size)
            .Where(numbers => SplitOf(numbers) == split)
            .AsParallel().AsOrdered()
            .SelectMany(numbers => Targets(options, numbers).Select(target => new CountdownPuzzle(numbers, target)))
            .ToArray();
        return [.. Seeds.Permutation(Seeds.Derive(0, "countdown order", (long)split, size), found.Length).Select(i => found[i])];
    }

    private static IEnumerable<int> Targets(CountdownOptions options, int[] numbers)
    {
        var targets = CountdownSolver.NaturalTargets(numbers, options.MinTarget, options.MaxTarget);
        if (options.MinSolutions == 1) return targets;
        var counts = CountdownSolver.CountByTarget(numbers, options.MinTarget, options.MaxTarget);
        return targets.Where(target => counts[target] >= options.MinSolutions);
    }

    /// <summary>Every sorted multiset of <paramref name="size"/> numbers in a range, in lexicographic order.</summary>
    private static IEnumerable<int[]> Multisets(int min, int max, int size) => size == 0
        ? [[]]
        : Enumerable.Range(min, max - min + 1).SelectMany(first => Multisets(first, max, size - 1), (first, rest) => (int[])[first, .. rest]);
}
