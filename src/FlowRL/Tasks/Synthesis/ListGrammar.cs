namespace FlowRL.Tasks.Synthesis;

/// <summary>
/// All Python expressions over a list <c>x</c> of integers up to a number of tokens. Most of what they do can be said in several ways.
/// <code>
///   list     = sequence | display | part + part | part * 2       where a part is a sequence, a display or [constant]
///   display  = [item] | [item, item]                             where an item is a number, a constant or *sequence
///   number   = term | term + term | term - term | term * 2 | 2 * term | term + constant | constant + term | term - constant
///   term     = sum(sequence) | len(sequence) | max(sequence) | min(sequence) | len(set(sequence)) | sequence[index]
///   sequence = x | sorted(sequence) | list(reversed(sequence)) | sequence[slice]
///            | [element for i in sequence] | [i for i in sequence if condition]
/// </code>
/// </summary>
internal sealed class ListGrammar
{
    private static readonly IReadOnlyList<(string Text, Func<int, int> Of)> Elements =
    [
        .. Enumerable.Range(1, 3).SelectMany(k => new (string, Func<int, int>)[] { ($"i+{k}", i => i + k), ($"{k}+i", i => i + k), ($"i-{k}", i => i - k) }),
        ("i*2", i => i * 2), ("2*i", i => i * 2), ("i+i", i => i * 2), ("i*i", i => i * i), ("i%2", i => i & 1),
    ];

    private static readonly IReadOnlyList<(string Text, Func<int, bool> Of)> Conditions =
    [
        .. Enumerable.Range(2, 6).SelectMany(k => new (string, Func<int, bool>)[]
        {
            ($"i>{k}", i => i > k), ($"{k}<i", i => i > k), ($"i>={k}", i => i >= k),
            ($"i<{k}", i => i < k), ($"{k}>i", i => i < k), ($"i<={k}", i => i <= k),
        }),
    ];

    private readonly IReadOnlyList<ListProgram>[] _sequences, _terms, _numbers, _displays, _lists;

    private ListGrammar(int tokens)
    {
        IReadOnlyList<ListProgram>[] Sizes() => [.. Enumerable.Repeat<IReadOnlyList<ListProgram>>([], tokens + 1)];
        (_sequences, _terms, _numbers, _displays, _lists) = (Sizes(), Sizes(), Sizes(), Sizes(), Sizes());
        for (var size = 1; size <= tokens; size++)
        {
            _sequences[size] = [.. Sequences(size)];
            _terms[size] = [.. Terms(size)];
            _numbers[size] = [.. _terms[size], .. Sums(size)];
            _displays[size] = [.. Displays(size)];
            _lists[size] = [.. _sequences[size], .. _displays[size], .. Joined(size)];
        }
    }

    /// <summary>Every expression of the grammar with at most so many tokens, the shorter first.</summary>
    public static IReadOnlyList<ListProgram> Programs(int tokens)
    {
        var grammar = new ListGrammar(tokens);
        return [.. Enumerable.Range(1, tokens).SelectMany(size => grammar._lists[size].Concat(grammar._numbers[size]))];
    }

    private IEnumerable<ListProgram> Sequences(int size)
    {
        if (size == 1) yield return new ListProgram("x", ListValue.List);
        foreach (var of in At(_sequences, size - 3)) yield return List(of, $"sorted({of.Text})", x => x.Order());
        foreach (var of in At(_sequences, size - 4))
        {
            foreach (var k in new[] { 1, 2 }) yield return List(of, $"{of.Text}[{k}:]", x => x.Skip(k));
            foreach (var k in new[] { 1, 2, 3 }) yield return List(of, $"{of.Text}[:{k}]", x => x.Take(k));
        }
        foreach (var of in At(_sequences, size - 5))
        {
            foreach (var k in new[] { 1, 2 }) yield return List(of, $"{of.Text}[:-{k}]", x => x.SkipLast(k));
            foreach (var k in new[] { 1, 2 }) yield return List(of, $"{of.Text}[-{k}:]", x => x.TakeLast(k));
            yield return List(of, $"{of.Text}[::2]", x => x.Where((_, index) => index % 2 == 0));
        }
        foreach (var of in At(_sequences, size - 6))
        {
            yield return List(of, $"{of.Text}[::-1]", x => x.Reverse());
            yield return List(of, $"list(reversed({of.Text}))", x => x.Reverse());
            yield return List(of, $"{of.Text}[1::2]", x => x.Where((_, index) => index % 2 == 1));
        }
        foreach (var of in At(_sequences, size - 8))
            foreach (var element in Elements) yield return List(of, $"[{element.Text} for i in {of.Text}]", x => x.Select(element.Of));
        foreach (var of in At(_sequences, size - 10))
            foreach (var condition in Conditions) yield return List(of, $"[i for i in {of.Text} if {condition.Text}]", x => x.Where(condition.Of));
    }

    private IEnumerable<ListProgram> Terms(int size)
    {
        foreach (var of in At(_sequences, size - 3))
        {
            yield return Number(of, $"sum({of.Text})", x => x.Sum());
            yield return Number(of, $"len({of.Text})", x => x.Count);
            yield return Number(of, $"max({of.Text})", x => x.Max(), least: 1);
            yield return Number(of, $"min({of.Text})", x => x.Min(), least: 1);
            foreach (var k in new[] { 0, 1, 2 }) yield return Number(of, $"{of.Text}[{k}]", x => x[k], least: k + 1);
        }
        foreach (var of in At(_sequences, size - 4))
            foreach (var k in new[] { 1, 2 }) yield return Number(of, $"{of.Text}[-{k}]", x => x[^k], least: k);
        foreach (var of in At(_sequences, size - 6)) yield return Number(of, $"len(set({of.Text}))", x => x.Distinct().Count());
    }

    private IEnumerable<ListProgram> Sums(int size)
    {
        foreach (var (left, right) in Pairs(_terms, _terms, size - 1))
        {
            yield return Both(left, right, $"{left.Text}+{right.Text}", (a, b) => ListValue.Number(a.Items[0] + b.Items[0]));
            yield return Both(left, right, $"{left.Text}-{right.Text}", (a, b) => ListValue.Number(a.Items[0] - b.Items[0]));
        }
        foreach (var of in At(_terms, size - 2))
        {
            yield return Number(of, $"{of.Text}*2", x => x[0] * 2);
            yield return Number(of, $"2*{of.Text}", x => x[0] * 2);
            for (var constant = 1; constant <= 5; constant++)
            {
                var k = constant;
                yield return Number(of, $"{of.Text}+{k}", x => x[0] + k);
                yield return Number(of, $"{k}+{of.Text}", x => x[0] + k);
                yield return Number(of, $"{of.Text}-{k}", x => x[0] - k);
            }
        }
    }

    private IEnumerable<ListProgram> Displays(int size)
    {
        foreach (var of in At(_numbers, size - 2)) yield return List(of, $"[{of.Text}]", x => x);
        IReadOnlyList<ListProgram>[] starred =
            [.. Enumerable.Range(0, size).Select(of => At(_sequences, of - 1).Select(one => List(one, $"*{one.Text}", x => x)).ToList())];
        IReadOnlyList<ListProgram>[] items = [.. starred.Select((stars, of) => stars.Concat(_numbers[of]).ToList())];
        // A constant beside a number would make many problems that are alike.
        IReadOnlyList<ListProgram>[] constants = [[], [.. Enumerable.Range(0, 10).Select(Constant)]];
        foreach (var (left, right) in Pairs(items, items, size - 3).Concat(Pairs(starred, constants, size - 3)).Concat(Pairs(constants, starred, size - 3)))
            yield return Both(left, right, $"[{left.Text},{right.Text}]", (a, b) => ListValue.List([.. a.Items, .. b.Items]));
    }

    private IEnumerable<ListProgram> Joined(int size)
    {
        IReadOnlyList<ListProgram>[] parts = [.. Enumerable.Range(0, size).Select(of => _sequences[of].Concat(_displays[of]).ToList())];
        IReadOnlyList<ListProgram>[] constants = [[], [], [], [.. Enumerable.Range(0, 10).Select(k => List(Constant(k), $"[{k}]", x => x))]];
        foreach (var (left, right) in Pairs(parts, parts, size - 1).Concat(Pairs(parts, constants, size - 1)).Concat(Pairs(constants, parts, size - 1)))
            yield return Both(left, right, $"{left.Text}+{right.Text}", (a, b) => ListValue.List([.. a.Items, .. b.Items]));
        foreach (var of in At(parts, size - 2)) yield return List(of, $"{of.Text}*2", x => x.Concat(x));
    }

    private static IReadOnlyList<ListProgram> At(IReadOnlyList<ListProgram>[] sizes, int size) => size > 0 && size < sizes.Length ? sizes[size] : [];

    /// <summary>Every two expressions that have so many tokens together.</summary>
    private static IEnumerable<(ListProgram Left, ListProgram Right)> Pairs(
        IReadOnlyList<ListProgram>[] lefts, IReadOnlyList<ListProgram>[] rights, int size) =>
        from leftSize in Enumerable.Range(1, Math.Max(size - 1, 0))
        from left in At(lefts, leftSize)
        from right in At(rights, size - leftSize)
        select (left, right);

    private static ListProgram Constant(int k) => new(FormattableString.Invariant($"{k}"), _ => ListValue.Number(k));

    private static ListProgram List(ListProgram of, string text, Func<IReadOnlyList<int>, IEnumerable<int>> run) =>
        new(text, x => of.Run(x) is { } value ? ListValue.List(run(value.Items)) : null);

    private static ListProgram Number(ListProgram of, string text, Func<IReadOnlyList<int>, int> run, int least = 0) =>
        new(text, x => of.Run(x) is { } value && value.Items.Count >= least ? ListValue.Number(run(value.Items)) : null);

    private static ListProgram Both(ListProgram left, ListProgram right, string text, Func<ListValue, ListValue, ListValue> run) =>
        new(text, x => left.Run(x) is { } a && right.Run(x) is { } b ? run(a, b) : null);
}
