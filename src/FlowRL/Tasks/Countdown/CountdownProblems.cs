namespace FlowRL.Tasks.Countdown;

/// <summary>Which problems exist and which split each belongs to.</summary>
internal static class CountdownProblems
{
    /// <summary>
    /// The problems of a split in a fixed pseudo-random order. Before problems with too few solutions are left out, every prefix holds
    /// four-number problems in the wanted share; the list ends when either kind runs out.
    /// </summary>
    public static IReadOnlyList<Problem> Of(CountdownOptions options, Split split)
    {
        var puzzles = Mix(options, split);
        if (options.MinSolutions > 1) puzzles = WithEnoughSolutions(options, puzzles);
        var isCapped = split == Split.Train && options.TrainProblems > 0;
        return [.. puzzles.Take(isCapped ? options.TrainProblems : int.MaxValue).Select(puzzle => puzzle.ToProblem())];
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

    private static List<CountdownPuzzle> Mix(CountdownOptions options, Split split)
    {
        var share = options.FourNumberShare;
        var three = share < 1 ? Pool(options, split, size: 3) : [];
        var four = share > 0 ? Pool(options, split, size: 4) : [];
        var mix = new List<CountdownPuzzle>();
        for (int threes = 0, fours = 0; ;)
        {
            // The small term lets an exact multiple, such as 10 × 0.9, count as one.
            var wantsFour = Math.Floor((mix.Count + 1) * share + 1e-9) > fours;
            if (wantsFour ? fours == four.Count : threes == three.Count) return mix;
            mix.Add(wantsFour ? four[fours++] : three[threes++]);
        }
    }

    private static List<CountdownPuzzle> Pool(CountdownOptions options, Split split, int size)
    {
        var found = Multisets(options.MinNumber, options.MaxNumber, size)
            .Where(numbers => SplitOf(numbers) == split)
            .AsParallel().AsOrdered()
            .SelectMany(numbers => CountdownSolver.NaturalTargets(numbers, options.MinTarget, options.MaxTarget)
                .Select(target => new CountdownPuzzle(numbers, target)))
            .ToArray();
        return [.. Seeds.Permutation(Seeds.Derive(0, "countdown order", (long)split, size), found.Length).Select(i => found[i])];
    }

    // One search a multiset, however many of its targets are in the mix.
    private static List<CountdownPuzzle> WithEnoughSolutions(CountdownOptions options, List<CountdownPuzzle> puzzles)
    {
        var counts = puzzles.Select(puzzle => puzzle.Numbers).Distinct().AsParallel()
            .ToDictionary(numbers => numbers, numbers => CountdownSolver.CountByTarget(numbers, options.MinTarget, options.MaxTarget));
        return puzzles.FindAll(puzzle => counts[puzzle.Numbers][puzzle.Target] >= options.MinSolutions);
    }

    /// <summary>Every sorted multiset of <paramref name="size"/> numbers in a range, in lexicographic order.</summary>
    private static IEnumerable<int[]> Multisets(int min, int max, int size) => size == 0
        ? [[]]
        : Enumerable.Range(min, max - min + 1).SelectMany(
            first => Multisets(first, max, size - 1),
            (first, rest) => (int[])[first, .. rest]);
}
