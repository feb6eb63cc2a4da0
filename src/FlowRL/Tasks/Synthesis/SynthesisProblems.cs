using System.Collections.ObjectModel;
using System.Globalization;

namespace FlowRL.Tasks.Synthesis;

/// <summary>
/// The problems that exist: what the grammar's expressions do. Expressions that do the same on many inputs are one problem, whose demonstrations they
/// all are, so no problem of one split can be a problem of another in other words.
/// </summary>
internal sealed class SynthesisProblems
{
    private const int Probes = 64;
    private const int LargestNumber = 200;
    private const int LongestList = 10;
    private static readonly IReadOnlyList<int>[] ProbeInputs = [.. Enumerable.Range(0, Probes).Select(number => Input("synthesis probe", 0, number))];
    private readonly Dictionary<Split, List<(Problem Problem, ReadOnlyCollection<ListProgram> Programs)>> _splits;

    public SynthesisProblems(SynthesisOptions options)
    {
        var behaviours = ListGrammar.Programs(options.MaxTokens).AsParallel().AsOrdered()
            .Select(program => (Program: program, Behaviour: Behaviour(program))).Where(found => found.Behaviour is not null)
            .GroupBy(found => found.Behaviour!, found => found.Program).Where(group => group.Count() >= options.MinSolutions)
            .Select(group => (Key: Seeds.Derive(0, group.Key), Programs: group.OrderBy(program => program.Text, StringComparer.Ordinal).ToList().AsReadOnly()))
            .OrderBy(group => group.Key).ToList();
        _splits = Enum.GetValues<Split>().ToDictionary(split => split, split => behaviours.Where(group => SplitOf(group.Key) == split)
            .SelectMany(group => Enumerable.Range(0, split == Split.Train ? options.TrainPrompts : 1)
                .Select(prompt => (Key: Seeds.Derive(group.Key, "synthesis prompt", prompt), group.Programs)))
            .OrderBy(one => one.Key).Select(one => (Make(one.Key, one.Programs[0], options), one.Programs)).ToList());
    }

    public IEnumerable<(Problem Problem, ReadOnlyCollection<ListProgram> Programs)> this[Split split] => _splits[split];

    private static Split SplitOf(ulong key) => Seeds.Uniform(key, 0) switch
    {
        < 0.55 => Split.Train,
        < 0.65 => Split.Validation,
        _ => Split.Test,
    };

    /// <summary>What an expression gives for the probes; null where it fails, hardly depends on its input, or gives too much.</summary>
    private static string? Behaviour(ListProgram program)
    {
        var values = ProbeInputs.Select(program.Run).ToList();
        if (values.Exists(value => value is null || value.Items.Count > LongestList || value.Items.Any(item => Math.Abs(item) > LargestNumber))) return null;
        var texts = values.ConvertAll(value => value!.ToString());
        var isIdentity = ProbeInputs.Zip(texts).All(pair => ListValue.List(pair.First).ToString() == pair.Second);
        return isIdentity || texts.Distinct().Count() < 4 ? null : string.Join(';', texts);
    }

    private static Problem Make(ulong key, ListProgram program, SynthesisOptions options)
    {
        // The few lists that no probe was like and that an expression fails on are left out.
        var cases = Enumerable.Range(0, int.MaxValue).Select(number => Input("synthesis input", key, number))
            .Select(input => (Input: ListValue.List(input).ToString(), Value: program.Run(input)?.ToString())).Where(one => one.Value is not null)
            .Take(options.Shown + options.Hidden).ToList();
        var shown = string.Concat(cases.Take(options.Shown).Select(one => $"# f({one.Input})=={one.Value}\n"));
        var reference = string.Join('\n', cases.Select(one => $"{one.Input} {one.Value}"));
        return new Problem(key.ToString("x16", CultureInfo.InvariantCulture), $"{shown}{SynthesisTask.Signature}", reference);
    }

    // From three numbers to five.
    private static int[] Input(string stream, ulong key, int number)
    {
        var seed = Seeds.Derive(key, stream, number);
        return [.. Enumerable.Range(1, 3 + Seeds.Below(seed, 0, 3)).Select(index => Seeds.Below(seed, index, 10))];
    }
}

/// <summary>A Python expression over a list <c>x</c> of integers, with its meaning.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Run">Its value for a list; null where Python would raise an exception.</param>
internal sealed record ListProgram(string Text, Func<IReadOnlyList<int>, ListValue?> Run);

/// <summary>An integer, or a list of integers.</summary>
/// <param name="IsList">Which of the two.</param>
/// <param name="Items">The list, or the integer alone.</param>
internal sealed record ListValue(bool IsList, IReadOnlyList<int> Items)
{
    public static ListValue List(IEnumerable<int> items) => new(true, [.. items]);

    public static ListValue Number(int number) => new(false, [number]);

    /// <summary>As Python writes it, without spaces.</summary>
    public override string ToString()
    {
        var items = string.Join(',', Items.Select(item => item.ToString(CultureInfo.InvariantCulture)));
        return IsList ? $"[{items}]" : items;
    }
}

/// <summary>What makes two correct programs different solutions.</summary>
public enum ProgramDifference
{
    /// <summary>Their tokens, own names and layout aside.</summary>
    Text,

    /// <summary>What they give for inputs of kinds that no problem has: empty, negative, repeated, long.</summary>
    Behaviour,
}
