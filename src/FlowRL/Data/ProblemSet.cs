using System.Text.Json.Nodes;
using FlowRL.Tasks;
using FlowRL.Tokenization;

namespace FlowRL.Data;

/// <summary>
/// The problems of a task's files. A prompt occurs once in all splits: where one is repeated, the test keeps it before validation, and that
/// before training, so that nothing is trained on that is tested.
/// </summary>
public sealed class ProblemSet
{
    private readonly Dictionary<Split, List<DataProblem>> _splits = new() { [Split.Train] = [], [Split.Validation] = [], [Split.Test] = [] };
    private readonly Dictionary<string, string> _answers = []; // of each prompt seen
    private readonly HashSet<string> _ids = [];
    private readonly DataOptions _options;

    private ProblemSet(DataOptions options) => _options = options;

    /// <summary>What was kept and left out.</summary>
    public DataReport Report { get; } = new();

    /// <summary>The problems of a split, in an order that the options' seed decides.</summary>
    public IReadOnlyList<DataProblem> this[Split split] => _splits[split];

    /// <exception cref="BadInputException">A file is missing or damaged, or a row is and the options refuse that.</exception>
    public static ProblemSet Load(DataOptions options)
    {
        var set = new ProblemSet(options);
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
        RowLayout? layout = null;
        foreach (var row in DataReader.Read(file, Leave))
        {
            layout ??= Layout(row);
            if (Problem(row, layout) is not { } problem) continue;
            _splits[split].Add(problem);
            Report.Kept++;
        }
    }

    private RowLayout Layout(DataRow row)
    {
        if (_options.Fields.IsComplete) return _options.Fields.Over(null);
        var layout = _options.Layout == DataOptions.Auto ? RowLayout.Of(row) : RowLayout.Known.Single(known => known.Name == _options.Layout);
        return _options.Fields.Over(layout ?? throw new BadInputException(
            $"{row.Place}: the fields {string.Join(", ", row.Fields.Select(field => $"'{field.Key}'"))} are no known layout; name the fields in " +
            "task.data.fields (problem, answer), or one of the layouts in task.data.layout."));
    }

    private DataProblem? Problem(DataRow row, RowLayout layout)
    {
        var missing = layout.Problem.Append(layout.Answer).FirstOrDefault(field => row.At(field) is null);
        if (missing is not null) return Skip(row, $"no {missing}");
        if (FieldText.Of(row.At(layout.Answer)) is not { } written) return Skip(row, $"{layout.Answer} is not a text, a number or a list of these");
        if (layout.Find(written) is not { Length: > 0 } answer) return Skip(row, $"no answer in {layout.Answer}");
        if (Prompt(row, layout) is not { } prompt) return Skip(row, $"{layout.Problem[0]} is neither a text nor a conversation");
        if (_options.MaxProblemCharacters is > 0 and var most && prompt.Text.Length > most) return Filter(row, $"over {most} characters");
        if (_answers.TryGetValue(prompt.Text, out var other)) return Filter(row, other == answer ? "repeated" : "repeated with another answer");
        _answers[prompt.Text] = answer;
        return new DataProblem(new Problem(Id(row, layout), prompt, answer), layout.Solution is null ? null : FieldText.Of(row.At(layout.Solution)));
    }

    private Prompt? Prompt(DataRow row, RowLayout layout)
    {
        if (layout.Problem is [var only] && row.At(only) is JsonArray messages)
        {
            var turns = messages.Select(message => message is JsonObject turn && (string?)turn["role"] is { } role && (string?)turn["content"] is { } content
                ? new ChatMessage(role, content) : null).OfType<ChatMessage>().ToList();
            return turns.Count > 0 && turns.Count == messages.Count ? _options.Prompt.Of(turns) : null;
        }
        var parts = layout.Problem.Select(field => FieldText.Of(row.At(field))).ToList();
        return parts.Contains(null) || parts.All(string.IsNullOrWhiteSpace) ? null : _options.Prompt.Of(string.Join(' ', parts));
    }

    private string Id(DataRow row, RowLayout layout)
    {
        var own = layout.Id is null ? null : FieldText.Of(row.At(layout.Id));
        var id = own is not null && _ids.Add(own) ? own : $"{Path.GetFileName(row.File)}:{row.Number}";
        _ids.Add(id);
        return id;
    }

    /// <summary>Moves a share of the training problems to validation, by what they say: the same problems whatever else the files hold.</summary>
    private void KeepApart()
    {
        bool IsApart(DataProblem problem) => Seeds.Uniform(Seeds.Derive(0, problem.Problem.Prompt.Text), 0) < _options.ValidationShare;
        _splits[Split.Validation] = [.. _splits[Split.Train].Where(IsApart)];
        _splits[Split.Train].RemoveAll(IsApart);
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
