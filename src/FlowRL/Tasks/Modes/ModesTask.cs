using FlowRL.Tokenization;

namespace FlowRL.Tasks.Modes;

/// <summary>
/// The enumerable task. A response is correct where it is a peak; each mode is one solution. Training, validation and test have the same
/// problems: what is learnt is a distribution, and nothing is to be generalised. Thread-safe.
/// </summary>
internal sealed class ModesTask : ITask
{
    private readonly Dictionary<string, ModesLandscape> _landscapes;
    private readonly List<Problem> _problems;

    /// <exception cref="BadInputException">The modes do not fit into the answers.</exception>
    public ModesTask(ModesOptions options)
    {
        _problems = [.. Enumerable.Range(0, options.Problems).Select(i => new Problem($"modes-{i}", Prompt(i, options), ""))];
        _landscapes = _problems.Index().ToDictionary(pair => pair.Item.Id, pair => ModesLandscape.Draw(options, pair.Index));
    }

    public string Name => "modes";

    public IReadOnlyList<Problem> Problems(Split split) => _problems;

    /// <summary>The reward of a problem.</summary>
    public ModesLandscape Landscape(Problem problem) => _landscapes[problem.Id];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var landscape = Landscape(problem);
        return ValueTask.FromResult(new Verdict(new Reward.Score(landscape.Reward(response)), response, landscape.At(response)?.Solution));
    }

    public int? CountSolutions(Problem problem) => Landscape(problem).Modes.DistinctBy(mode => mode.Solution).Count();

    /// <summary>
    /// The problem's number in letters, each followed by the next letter. Without two different letters a decoder could not tell the prompt
    /// from a longer one: attention over equal tokens is the same for any number of them.
    /// </summary>
    private static string Prompt(int problem, ModesOptions options)
    {
        var letters = LetterVocabulary.Letters(options.Letters);
        var prompt = "";
        for (var rest = options.Problems - 1; prompt == "" || rest > 0; rest /= letters.Length, problem /= letters.Length)
            prompt = $"{letters[problem % letters.Length]}{letters[(problem + 1) % letters.Length]}{prompt}";
        return prompt;
    }
}
