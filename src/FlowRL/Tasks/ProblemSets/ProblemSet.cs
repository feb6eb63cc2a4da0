using FlowRL.Data;

namespace FlowRL.Tasks.ProblemSets;

/// <summary>
/// The problems of a task's files. A prompt occurs once in all splits: where one is repeated, the test keeps it before validation, and that
/// before training, so that nothing is trained on that is tested.
/// </summary>
internal sealed class ProblemSet
{
    private const int MostWaiting = 1000;
    private readonly Dictionary<Split, List<DataProblem>> _splits = new() { [Split.Train] = [], [Split.Validation] = [], [Split.Test] = [] };
    private readonly Dictionary<string, string> _answers = []; // of each prompt seen
    private readonly HashSet<string> _ids = [];
    private readonly DataOptions _options;
    private readonly IRowReader _reader;

    private ProblemSet(DataOptions options, IRowReader reader) => (_options, _reader) = (options, reader);

    /// <summary>What was kept and left out.</summary>
    public DataReport Report { get; } = new();

    /// <summary>The problems of a split, in an order that the options' seed decides.</summary>
    public IReadOnlyList<DataProblem> this[Split split] => _splits[split];

    /// <summary>Problems with answers.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, or a row is and the options refuse that.</exception>
    public static ProblemSet Load(DataOptions options) => Load(options, new AnswerRows(options));

    /// <summary>Problems that a task reads in its own way.</summary>
    /// <exception cref="BadInputException">A file is missing or damaged, or a row is and the options refuse that.</exception>
    public static ProblemSet Load(DataOptions options, IRowReader reader)
    {
        var set = new ProblemSet(options, reader);
        foreach (var file in options.Test) set.Read(file, Split.Test);
        foreach (var file in options.Validation) set.Read(file, Split.Validation);
        foreach (var file in options.Train) set.Read(file, Split.Train);
        if (options.Validation.Count == 0) set.KeepApart();
        if (options.Shuffle != 0)
        {
            foreach (var (split, problems) in set._splits)
            {
                var order = Seeds.Permutation(Seeds.Derive((ulong)options.Shuffle, "problems", (int)split), problems.Count);
                set._splits[split] = [.. order.Select(i => problems[i])];
            }
        }
        return set;
    }

    private void Read(string file, Split split)
    {
        // Damage among the first rows waits for the layout with them, so that everything is told in the order of the file.
        var (first, found, waits) = (new List<(DataRow? Row, string Place, string Reason)>(), false, true);
        using var rows = DataReader.Read(file, (place, reason) =>
        {
            found = true;
            if (waits && first.Count < MostWaiting) first.Add((null, place, reason));
            else Leave(place, reason);
        }).GetEnumerator();
        while (first.Count(entry => entry.Row is not null) < LayoutChoice.Rows && rows.MoveNext()) first.Add((rows.Current, "", ""));
        (found, waits) = (found || first.Count > 0, false);
        if (!found) throw new BadInputException(
            $"{file}: {(new FileInfo(file) is { Exists: true, Length: 0 } ? "is empty" : "holds no rows")}; give a file with problems.");
        foreach (var (_, place, reason) in first.TakeWhile(entry => entry.Row is null)) Leave(place, reason);
        var whole = first.SkipWhile(entry => entry.Row is null).ToList();
        if (whole.Count > 0) _reader.Open([.. whole.Select(entry => entry.Row).OfType<DataRow>()]);
        foreach (var (row, place, reason) in whole.Concat(Rest(rows).Select(row => ((DataRow?)row, "", ""))))
        {
            if (row is null) Leave(place, reason);
            else if (Problem(row) is { } problem)
            {
                _splits[split].Add(problem);
                Report.Kept++;
            }
        }
    }

    private static IEnumerable<DataRow> Rest(IEnumerator<DataRow> rows)
    {
        while (rows.MoveNext()) yield return rows.Current;
    }

    private DataProblem? Problem(DataRow row)
    {
        if (_reader.Read(row, out var reason) is not { } content) return Skip(row, reason);
        var text = content.Prompt.Text;
        if (_options.MaxProblemCharacters is > 0 and var most && text.Length > most) return Filter(row, $"over {most} characters");
        if (_answers.TryGetValue(text, out var other)) return Filter(row, other == content.Answer ? "repeated" : "repeated with another answer");
        _answers[text] = content.Answer;
        return new DataProblem(new Problem(Id(row, content.Id), content.Prompt, content.Answer), content.Solution);
    }

    /// <summary>The row's own id, else its file's name and its line; where another row has that already, the whole path, then a number too.</summary>
    private string Id(DataRow row, string? own)
    {
        if (own is not null && _ids.Add(own)) return own;
        var id = $"{Path.GetFileName(row.File)}:{row.Number}";
        for (var copy = 1; !_ids.Add(id); copy++) id = copy == 1 ? row.Place : $"{row.Place} ({copy})";
        return id;
    }

    /// <summary>
    /// Moves a share of the training problems to validation, by what they say: the same problems whatever else the files hold. Of two or more it is
    /// one at least.
    /// </summary>
    private void KeepApart()
    {
        if (_options.ValidationShare == 0) return;
        var all = _splits[Split.Train];
        double Place(DataProblem problem) => Seeds.Uniform(Seeds.Derive(0, problem.Problem.Prompt.Text), 0);
        // Of a small file the share may be less than one problem.
        var bound = all.Count < 2 ? 0 : Math.Max(_options.ValidationShare, Math.BitIncrement(all.Min(Place)));
        _splits[Split.Validation] = [.. all.Where(problem => Place(problem) < bound)];
        _splits[Split.Train].RemoveAll(problem => Place(problem) < bound);
        if (_splits[Split.Validation].Count > 0) Report.KeptApart = (_splits[Split.Validation].Count, _splits[Split.Train].Count);
    }

    private void Leave(string place, string reason)
    {
        if (_options.Damaged == DamagedRows.Refuse)
            throw new BadInputException($"{place}: {reason}; correct the row, or set task.data.damaged to skip.");
        Report.Leave(reason, place);
    }

    private DataProblem? Skip(DataRow row, string reason)
    {
        Leave(row.Place, reason);
        return null;
    }

    private DataProblem? Filter(DataRow row, string reason)
    {
        Report.Leave(reason, row.Place);
        return null;
    }
}

/// <summary>A problem from a file.</summary>
/// <param name="Problem">Prompt and answer.</param>
/// <param name="Solution">A worked solution; null where the row has none.</param>
internal sealed record DataProblem(Problem Problem, string? Solution);
