namespace FlowRL.Tasks.Synthesis;

/// <summary>All short expressions over a list of integers: slices, orders, comprehensions, filters, aggregates, and two of these together.</summary>
internal static class ListGrammar
{
    private static readonly ListProgram Argument = new("x", 1, true, x => ListValue.List(x));

    /// <summary>Every expression with at most so many tokens, the argument itself left out.</summary>
    public static IReadOnlyList<ListProgram> Programs(int tokens)
    {
        List<ListProgram> once = [.. Lists(Argument)];
        List<ListProgram> lists = [Argument, .. once, .. once.SelectMany(Lists)];
        List<ListProgram> numbers = [.. Numbers(Argument)];
        List<ListProgram> pieces = [Argument, .. Rearranged(Argument), .. numbers.Select(Single), .. Constants()];
        IEnumerable<ListProgram> all =
        [
            .. lists.Skip(1), .. lists.SelectMany(Numbers),
            .. pieces.SelectMany(left => pieces.Select(right => Joined(left, right))),
            .. numbers.SelectMany(WithConstant), .. numbers.SelectMany(left => numbers.SelectMany(right => Pairs(left, right))),
        ];
        return [.. all.Where(program => program.Tokens <= tokens).DistinctBy(program => program.Text)];
    }

    private static IEnumerable<ListProgram> Lists(ListProgram of) => [.. Rearranged(of), .. Computed(of)];

    private static IEnumerable<ListProgram> Rearranged(ListProgram of)
    {
        var inner = of.Text;
        yield return List(of, $"sorted({inner})", 3, x => x.Order());
        yield return List(of, $"{inner}[::-1]", 6, x => x.Reverse());
        yield return List(of, $"{inner}[::2]", 5, x => x.Where((_, index) => index % 2 == 0));
        yield return List(of, $"{inner}[1::2]", 6, x => x.Where((_, index) => index % 2 == 1));
        foreach (var k in new[] { 1, 2 })
        {
            yield return List(of, $"{inner}[{k}:]", 4, x => x.Skip(k));
            yield return List(of, $"{inner}[:{k}]", 4, x => x.Take(k));
            yield return List(of, $"{inner}[:-{k}]", 5, x => x.SkipLast(k));
            yield return List(of, $"{inner}[-{k}:]", 5, x => x.TakeLast(k));
        }
    }

    private static IEnumerable<ListProgram> Computed(ListProgram of)
    {
        var inner = of.Text;
        foreach (var k in new[] { 1, 2, 3 })
        {
            yield return List(of, $"[i+{k} for i in {inner}]", 8, x => x.Select(i => i + k));
            yield return List(of, $"[i-{k} for i in {inner}]", 8, x => x.Select(i => i - k));
        }
        yield return List(of, $"[i*2 for i in {inner}]", 8, x => x.Select(i => i * 2));
        yield return List(of, $"[i%2 for i in {inner}]", 8, x => x.Select(i => i & 1));
        foreach (var k in new[] { 2, 3, 4, 5, 6, 7 })
        {
            yield return List(of, $"[i for i in {inner} if i>{k}]", 10, x => x.Where(i => i > k));
            yield return List(of, $"[i for i in {inner} if i<{k}]", 10, x => x.Where(i => i < k));
        }
        yield return List(of, $"[i for i in {inner} if i%2]", 10, x => x.Where(i => i % 2 != 0));
    }

    private static IEnumerable<ListProgram> Constants() =>
        Enumerable.Range(0, 10).Select(k => new ListProgram($"[{k}]", 3, true, _ => ListValue.List([k])));

    private static IEnumerable<ListProgram> Numbers(ListProgram of)
    {
        var inner = of.Text;
        yield return Number(of, $"sum({inner})", 3, x => x.Sum());
        yield return Number(of, $"len({inner})", 3, x => x.Count);
        yield return Number(of, $"max({inner})", 3, x => x.Max(), 1);
        yield return Number(of, $"min({inner})", 3, x => x.Min(), 1);
        yield return Number(of, $"len(set({inner}))", 6, x => x.Distinct().Count());
        yield return Number(of, $"{inner}[0]", 3, x => x[0], 1);
        yield return Number(of, $"{inner}[1]", 3, x => x[1], 2);
        yield return Number(of, $"{inner}[-1]", 4, x => x[^1], 1);
        yield return Number(of, $"{inner}[-2]", 4, x => x[^2], 2);
    }

    private static ListProgram Single(ListProgram number) =>
        new($"[{number.Text}]", number.Tokens + 2, true, x => number.Run(x) is { } value ? ListValue.List(value.Items) : null);

    private static ListProgram Joined(ListProgram left, ListProgram right) => new($"{left.Text}+{right.Text}", left.Tokens + right.Tokens + 1, true,
        x => left.Run(x) is { } a && right.Run(x) is { } b ? ListValue.List([.. a.Items, .. b.Items]) : null);

    private static IEnumerable<ListProgram> WithConstant(ListProgram of)
    {
        foreach (var k in new[] { 1, 2, 3, 4, 5 })
        {
            yield return Number(of, $"{of.Text}+{k}", 2, x => x[0] + k);
            yield return Number(of, $"{of.Text}-{k}", 2, x => x[0] - k);
        }
    }

    private static IEnumerable<ListProgram> Pairs(ListProgram left, ListProgram right)
    {
        ListProgram Pair(string text, int more, Func<int, int, ListValue> run) => new(text, left.Tokens + right.Tokens + more, text[0] == '[',
            x => left.Run(x) is { } a && right.Run(x) is { } b ? run(a.Items[0], b.Items[0]) : null);
        yield return Pair($"{left.Text}+{right.Text}", 1, (a, b) => ListValue.Number(a + b));
        yield return Pair($"{left.Text}-{right.Text}", 1, (a, b) => ListValue.Number(a - b));
        yield return Pair($"[{left.Text},{right.Text}]", 3, (a, b) => ListValue.List([a, b]));
    }

    private static ListProgram List(ListProgram of, string text, int more, Func<IReadOnlyList<int>, IEnumerable<int>> run) =>
        new(text, of.Tokens + more, true, x => of.Run(x) is { } value ? ListValue.List(run(value.Items)) : null);

    private static ListProgram Number(ListProgram of, string text, int more, Func<IReadOnlyList<int>, int> run, int least = 0) =>
        new(text, of.Tokens + more, false, x => of.Run(x) is { } value && value.Items.Count >= least ? ListValue.Number(run(value.Items)) : null);
}
