namespace FlowRL.Tasks.Synthesis;

/// <summary>All short expressions over a list of integers: slices, orders, comprehensions, filters, aggregates, and sums and pairs of these.</summary>
internal static class ListGrammar
{
    private static readonly ListProgram Argument = new("x", 1, true, x => ListValue.List(x));

    /// <summary>Every expression with at most so many tokens, the argument itself left out.</summary>
    public static IReadOnlyList<ListProgram> Programs(int tokens)
    {
        List<ListProgram> once = [.. Lists(Argument)];
        List<ListProgram> lists = [Argument, .. once, .. once.SelectMany(Lists)];
        List<ListProgram> numbers = [.. lists.SelectMany(Numbers)];
        List<ListProgram> simple = [.. Numbers(Argument)];
        List<ListProgram> all =
        [
            .. lists.Skip(1), .. lists.SelectMany(Extended), .. numbers, .. numbers.SelectMany(WithConstant),
            .. simple.Concat(numbers.Where(number => number.Tokens <= 8)).SelectMany(left => simple.SelectMany(right => Pairs(left, right))),
        ];
        return [.. all.Where(program => program.Tokens <= tokens).DistinctBy(program => program.Text)];
    }

    private static IEnumerable<ListProgram> Lists(ListProgram of)
    {
        ListProgram List(string text, int more, Func<IReadOnlyList<int>, IEnumerable<int>> run) =>
            new(text, of.Tokens + more, true, x => of.Run(x) is { } value ? ListValue.List(run(value.Items)) : null);
        var inner = of.Text;
        yield return List($"sorted({inner})", 3, x => x.Order());
        yield return List($"{inner}[::-1]", 6, x => x.Reverse());
        yield return List($"{inner}[::2]", 5, x => x.Where((_, index) => index % 2 == 0));
        yield return List($"{inner}[:-1]", 5, x => x.SkipLast(1));
        foreach (var k in new[] { 1, 2 })
        {
            yield return List($"{inner}[{k}:]", 4, x => x.Skip(k));
            yield return List($"{inner}[:{k}]", 4, x => x.Take(k));
        }
        foreach (var k in new[] { 1, 2, 3, 4 })
        {
            yield return List($"[i+{k} for i in {inner}]", 8, x => x.Select(i => i + k));
            if (k > 1) yield return List($"[i*{k} for i in {inner}]", 8, x => x.Select(i => i * k));
            if (k > 1) yield return List($"[i%{k} for i in {inner}]", 8, x => x.Select(i => i % k));
        }
        yield return List($"[i*i for i in {inner}]", 8, x => x.Select(i => i * i));
        yield return List($"[-i for i in {inner}]", 7, x => x.Select(i => -i));
        foreach (var k in new[] { 1, 2, 3, 4, 5, 6 })
        {
            yield return List($"[i for i in {inner} if i>{k}]", 10, x => x.Where(i => i > k));
            yield return List($"[i for i in {inner} if i<{k}]", 10, x => x.Where(i => i < k));
        }
        yield return List($"[i for i in {inner} if i%2]", 10, x => x.Where(i => i % 2 != 0));
    }

    /// <summary>A list with a number before or after it. Sums bind less than anything else here, so nothing is built on them.</summary>
    private static IEnumerable<ListProgram> Extended(ListProgram of)
    {
        ListProgram List(string text, Func<IReadOnlyList<int>, IEnumerable<int>> run) =>
            new(text, of.Tokens + 4, true, x => of.Run(x) is { } value ? ListValue.List(run(value.Items)) : null);
        for (var k = 0; k < 10; k++)
        {
            var added = k;
            yield return List($"{of.Text}+[{k}]", x => x.Append(added));
            yield return List($"[{k}]+{of.Text}", x => x.Prepend(added));
        }
    }

    private static IEnumerable<ListProgram> Numbers(ListProgram of)
    {
        ListProgram Number(string text, int more, Func<IReadOnlyList<int>, int> run, int least = 0) =>
            new(text, of.Tokens + more, false, x => of.Run(x) is { } value && value.Items.Count >= least ? ListValue.Number(run(value.Items)) : null);
        var inner = of.Text;
        yield return Number($"sum({inner})", 3, x => x.Sum());
        yield return Number($"len({inner})", 3, x => x.Count);
        yield return Number($"max({inner})", 3, x => x.Max(), 1);
        yield return Number($"min({inner})", 3, x => x.Min(), 1);
        yield return Number($"len(set({inner}))", 6, x => x.Distinct().Count());
        for (var k = 0; k < 10; k++)
        {
            var counted = k;
            yield return Number($"{inner}.count({k})", 5, x => x.Count(i => i == counted));
        }
        yield return Number($"{inner}[0]", 3, x => x[0], 1);
        yield return Number($"{inner}[1]", 3, x => x[1], 2);
        yield return Number($"{inner}[-1]", 4, x => x[^1], 1);
        yield return Number($"{inner}[-2]", 4, x => x[^2], 2);
    }

    private static IEnumerable<ListProgram> WithConstant(ListProgram of)
    {
        ListProgram Number(string text, Func<int, int> run) => new(text, of.Tokens + 2, false, x => of.Run(x) is { } value ? ListValue.Number(run(value.Items[0])) : null);
        foreach (var k in new[] { 1, 2, 3, 4, 5, 6, 7 })
        {
            yield return Number($"{of.Text}+{k}", value => value + k);
            yield return Number($"{k}+{of.Text}", value => value + k);
            yield return Number($"{of.Text}-{k}", value => value - k);
            yield return Number($"{k}-{of.Text}", value => k - value);
            if (k == 1) continue;
            yield return Number($"{of.Text}*{k}", value => value * k);
            yield return Number($"{k}*{of.Text}", value => value * k);
            // Python's remainder and quotient round down.
            yield return Number($"{of.Text}%{k}", value => (value % k + k) % k);
            yield return Number($"{of.Text}//{k}", value => (int)Math.Floor(value / (double)k));
        }
    }

    private static IEnumerable<ListProgram> Pairs(ListProgram left, ListProgram right)
    {
        ListProgram Pair(string text, int more, bool isList, Func<int, int, ListValue> run) => new(text, left.Tokens + right.Tokens + more, isList,
            x => left.Run(x) is { } a && right.Run(x) is { } b ? run(a.Items[0], b.Items[0]) : null);
        yield return Pair($"{left.Text}+{right.Text}", 1, false, (a, b) => ListValue.Number(a + b));
        yield return Pair($"{left.Text}-{right.Text}", 1, false, (a, b) => ListValue.Number(a - b));
        yield return Pair($"{left.Text}*{right.Text}", 1, false, (a, b) => ListValue.Number(a * b));
        yield return Pair($"[{left.Text},{right.Text}]", 3, true, (a, b) => ListValue.List([a, b]));
    }
}
