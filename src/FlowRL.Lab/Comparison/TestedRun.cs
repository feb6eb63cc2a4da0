using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Evaluation;
using FlowRL.Files;
using FlowRL.Rewards;
using FlowRL.Tasks;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// What one run came to on test problems, problem by problem, as its folder keeps it (<c>tested.json</c>, and <c>front-*.json</c> for each point of a front):
/// all that a comparison computes comes from these, so that a finished run is never evaluated twice.
/// </summary>
/// <param name="Evaluation">How it was tested.</param>
/// <param name="BestStep">The checkpoint that was tested.</param>
/// <param name="Seconds">Seconds of training, validation included.</param>
/// <param name="Entropy">Mean over sampled tokens of −log π, in nats: an unbiased estimate of the policy's entropy a token.</param>
/// <param name="Reward">Mean reward of the responses that the verifier decided on; 0 where there was none.</param>
/// <param name="Problems">The test problems, in their order.</param>
public sealed record TestedRun(
    CompareTestOptions Evaluation, int BestStep, double Seconds, double Entropy, double Reward, IReadOnlyList<TestedProblem> Problems)
{
    /// <summary>The metric of validation that chose the checkpoint; null where it is the run's last, or the result is older than this entry.</summary>
    public string? BestBy { get; init; }

    /// <summary>The task whose problems these are, as YAML with every key; null where it is the run's own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; } = Evaluation.TaskText;

    /// <summary>The name of the best checkpoint's test.</summary>
    internal const string BestName = "tested";

    /// <summary>Sums up scored responses.</summary>
    public static TestedRun Of(CompareTestOptions evaluation, int bestStep, double seconds, IReadOnlyList<ScoredGroup> groups, ITask task)
    {
        var responses = groups.SelectMany(group => group.Rollout.Responses).ToList();
        var scores = groups.SelectMany(group => group.Verdicts).Select(verdict => verdict.Reward).OfType<Reward.Score>();
        return new TestedRun(evaluation, bestStep, seconds,
            -responses.Sum(response => response.LogProbs.Sum(p => (double)p)) / responses.Sum(response => (long)response.Length),
            scores.Select(score => score.Value).DefaultIfEmpty().Average(),
            [.. groups.Select(group => TestedProblem.Of(group.Verdicts, task.CountSolutions(group.Rollout.Problem)))]);
    }

    /// <summary>Reads the result in a run's folder; null where there is none that is whole, or one of another evaluation: the run is tested again.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="evaluation">What is asked for.</param>
    /// <param name="damaged">Told where the file is damaged.</param>
    /// <param name="name">Of the test: the file's, without its ending.</param>
    public static TestedRun? Read(string folder, CompareTestOptions evaluation, Action<string>? damaged = null, string name = BestName)
    {
        var path = PathOf(folder, name);
        if (!File.Exists(path)) return null;
        try
        {
            var read = InputFile.ReadJson(path, "the tests of a run", root => root.Deserialize<TestedRun>(Strict)!);
            if (read.Problems.Count == 0 || read.Problems.Any(problem => problem is null || problem.Keys is { } keys && keys.Count != problem.Found.Count))
                throw new BadInputException($"{path} has no tests in it.");
            return read.Evaluation.Asks(evaluation) && read.Task == evaluation.TaskText ? read : null;
        }
        catch (BadInputException broken)
        {
            damaged?.Invoke($"{broken.Message} The run is tested again.");
            return null;
        }
    }

    private static readonly JsonSerializerOptions Strict = new(JsonOutput.Options)
    { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Writes the result whole or not at all.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="name">Of the test.</param>
    public void Write(string folder, string name = BestName) =>
        AtomicFile.Write(PathOf(folder, name), JsonSerializer.SerializeToUtf8Bytes(this, JsonOutput.Options), Disk.Real);

    /// <summary>Whether a run was ever tested, in whichever way.</summary>
    internal static bool IsThere(string folder) => File.Exists(PathOf(folder, BestName));

    private static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.json");
}

/// <summary>One test problem's n samples.</summary>
/// <param name="Found">How many of the samples gave each different solution that was found.</param>
/// <param name="Solutions">How many different solutions exist; null where that is not known.</param>
public sealed record TestedProblem(IReadOnlyList<int> Found, int? Solutions)
{
    /// <summary>The solutions themselves, in the order of <see cref="Found"/>; null in tests that are older than this entry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>How many of the samples are right though their solution is not known; written unless 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int WithoutSolution { get; init; }

    internal static TestedProblem Of(IReadOnlyCollection<Verdict> verdicts, int? solutions)
    {
        var found = SolutionCounts.Of(verdicts).ToList();
        return new TestedProblem([.. found.Select(pair => pair.Count)], solutions)
        {
            Keys = [.. found.Select(pair => pair.Key)],
            WithoutSolution = verdicts.Count(verdict => verdict is { IsCorrect: true, Solution: null }),
        };
    }

    /// <summary>What the measures of variety are computed from.</summary>
    internal SolutionCounts Counts(int samples) => new(samples, Found, Solutions) { WithoutSolution = WithoutSolution };

    /// <summary>pass@k, estimated from n samples.</summary>
    public double PassAtK(int samples, int k) => FlowRL.Evaluation.PassAtK.Estimate(samples, Counts(samples).Correct, k);

    /// <summary>The expected number of different solutions in k samples, estimated from n ≥ k (<see cref="FlowRL.Evaluation.DistinctAtK"/>).</summary>
    public double DistinctAtK(int samples, int k) => FlowRL.Evaluation.DistinctAtK.Estimate(Counts(samples), k);

    /// <summary><see cref="DistinctAtK"/> as a share of the solutions that exist; null where none does or their number is not known.</summary>
    public double? CoverageAtK(int samples, int k) => Solutions > 0 ? DistinctAtK(samples, k) / Solutions : null;
}
