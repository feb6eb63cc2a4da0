using FlowRL.Data;
using FlowRL.Tasks;
using FlowRL.Tasks.ProblemSets;

namespace FlowRL.Training.Supervised;

/// <summary>An example with where it stands.</summary>
internal sealed record PlacedExample(string Place, WrittenExample Written);

/// <summary>The examples of a recipe's files, as they are written.</summary>
internal sealed class ExampleFiles
{
    private readonly ExampleOptions _options;
    private readonly ExampleRows _rows;
    private readonly Dictionary<Split, List<PlacedExample>> _splits = new() { [Split.Train] = [], [Split.Validation] = [] };

    /// <exception cref="BadInputException">A file is missing or damaged, or a row is and the options refuse that.</exception>
    public ExampleFiles(ExampleOptions options)
    {
        (_options, _rows) = (options, new ExampleRows(options));
        foreach (var file in options.Validation) Read(file, Split.Validation);
        foreach (var file in options.Train) Read(file, Split.Train);
        if (options.Validation.Count > 0) LeaveOutHeld();
        else KeepApart();
    }

    /// <summary>What was left out, and why.</summary>
    public DataReport Report { get; } = new() { What = "examples", ShareKey = "data.validation_share" };

    public IReadOnlyList<PlacedExample> this[Split split] => _splits[split];

    private void Read(string file, Split split)
    {
        var known = false;
        var first = new List<DataRow>();
        using var rows = DataReader.Read(file, Leave).GetEnumerator();
        while (first.Count < LayoutChoice.Rows && rows.MoveNext()) first.Add(rows.Current);
        if (first.Count > 0) _rows.Open(first);
        foreach (var row in first.Concat(Rest(rows)))
        {
            known = true;
            if (_rows.Read(row, out var problem) is { } written) _splits[split].Add(new PlacedExample(row.Place, written));
            else Leave(row.Place, problem);
        }
        if (!known) throw new BadInputException($"{file}: holds no rows that can be read; give a file with examples.");
    }

    private static IEnumerable<DataRow> Rest(IEnumerator<DataRow> rows)
    {
        while (rows.MoveNext()) yield return rows.Current;
    }

    private void Leave(string place, string reason)
    {
        if (_options.Damaged == DamagedRows.Refuse)
            throw new BadInputException($"{place}: {reason}; correct the row, or set data.damaged to skip.");
        Report.Leave(reason, place);
    }

    /// <summary>What is trained on is not what the loss is measured on.</summary>
    private void LeaveOutHeld()
    {
        var held = _splits[Split.Validation].Select(example => example.Written.Text).ToHashSet();
        foreach (var example in _splits[Split.Train].Where(example => held.Contains(example.Written.Text)))
            Report.Leave("also a validation example", example.Place);
        _splits[Split.Train].RemoveAll(example => held.Contains(example.Written.Text));
    }

    /// <summary>Moves a share of the examples to validation, by what they say: repeated ones stay together. Of two or more it is one at least.</summary>
    private void KeepApart()
    {
        var all = _splits[Split.Train];
        if (_options.ValidationShare == 0 || all.Count < 2) return;
        List<double> places = [.. all.Select(example => Seeds.Uniform(Seeds.Derive(0, example.Written.Text), 0))];
        var bound = Math.Max(_options.ValidationShare, Math.BitIncrement(places.Min()));
        if (places.TrueForAll(place => place < bound)) return; // one example, repeated
        _splits[Split.Validation] = [.. all.Where((_, i) => places[i] < bound)];
        _splits[Split.Train] = [.. all.Where((_, i) => places[i] >= bound)];
        Report.KeptApart = (_splits[Split.Validation].Count, _splits[Split.Train].Count);
    }
}
