using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Tasks;

namespace FlowRL.Comparison;

/// <summary>
/// What one run came to on test problems, problem by problem, as its folder keeps it (<c>tested.json</c>): all that a comparison computes
/// comes from these, so that a finished run is never evaluated twice.
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
    private const string FileName = "tested.json";

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

    /// <summary>Reads the result in a run's folder; null where there is none, or one of another evaluation.</summary>
    /// <exception cref="BadInputException">The file is damaged.</exception>
    public static TestedRun? Read(string folder, CompareTestOptions evaluation)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        var read = InputFile.ReadJson(path, "the tests of a run", root => root.Deserialize<TestedRun>(JsonOutput.Options)!);
        return read.Evaluation.Asks(evaluation) ? read : null;
    }

    /// <summary>Writes the result whole or not at all.</summary>
    public void Write(string folder) => AtomicFile.Write(
        Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, JsonOutput.Options), Disk.Real);
}
