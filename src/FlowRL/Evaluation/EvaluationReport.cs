using System.Text.Json.Serialization;
using FlowRL.Rewards;
using FlowRL.Tasks;

namespace FlowRL.Evaluation;

/// <summary>The numbers of one evaluation; docs/evaluation.md has each formula. Serialises to snake_case JSON with any options.</summary>
public sealed record EvaluationReport
{
    /// <summary>avg@n: the mean over problems of the share of correct samples. Errors and timeouts are not correct.</summary>
    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    /// <summary>Lower end of the 95% interval of <see cref="Accuracy"/>.</summary>
    [JsonPropertyName("accuracy_low")]
    public required double AccuracyLow { get; init; }

    /// <summary>Upper end of the 95% interval of <see cref="Accuracy"/>.</summary>
    [JsonPropertyName("accuracy_high")]
    public required double AccuracyHigh { get; init; }

    /// <summary>Mean reward of the responses with a score; null where there is none.</summary>
    [JsonPropertyName("reward")]
    public double? Reward { get; init; }

    /// <summary>Means of the reward's parts by name, over the responses that have them.</summary>
    [JsonPropertyName("reward_parts")]
    public IReadOnlyDictionary<string, double> RewardParts { get; init; } = new Dictionary<string, double>();

    /// <summary>maj@n (<see cref="MajorityVote"/>), mean over problems.</summary>
    [JsonPropertyName("majority")]
    public required double Majority { get; init; }

    /// <summary>pass@k (<see cref="Evaluation.PassAtK"/>) for k = 1, 2, 4, … up to n, mean over problems.</summary>
    [JsonPropertyName("pass_at_k")]
    public required IReadOnlyDictionary<int, double> PassAtK { get; init; }

    /// <summary><see cref="PassAtK"/> with its 95% intervals.</summary>
    [JsonPropertyName("pass_at_k_intervals")]
    public required IReadOnlyDictionary<int, Estimate> PassAtKIntervals { get; init; }

    [JsonPropertyName("problems")]
    public required int Problems { get; init; }

    /// <summary>Samples a problem (n).</summary>
    [JsonPropertyName("samples")]
    public required int Samples { get; init; }

    /// <summary>Different solutions found in the n samples of a problem, mean over problems.</summary>
    [JsonPropertyName("distinct_correct")]
    public required double DistinctCorrect { get; init; }

    /// <summary>Correct responses whose solution is not known: in <see cref="Accuracy"/>, not in <see cref="DistinctCorrect"/>. Written unless 0.</summary>
    [JsonPropertyName("without_solution"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int WithoutSolution { get; init; }

    /// <summary>The share of the existing solutions found in the n samples, mean over problems whose number of solutions is known and
    /// not 0; null where there is none such.</summary>
    [JsonPropertyName("coverage")]
    public required double? Coverage { get; init; }

    /// <summary>Responses on which the verifier failed.</summary>
    [JsonPropertyName("errors")]
    public required int Errors { get; init; }

    /// <summary>Responses on which the verifier did not end in time.</summary>
    [JsonPropertyName("timeouts")]
    public required int Timeouts { get; init; }

    /// <summary>Responses on which the verifier could not decide, such as an answer that it cannot read; none of them is correct.</summary>
    [JsonPropertyName("undecided")]
    public int Undecided { get; init; }

    /// <summary>The share of responses that hit the length limit.</summary>
    [JsonPropertyName("truncated")]
    public required double Truncated { get; init; }

    /// <summary>Mean response length in tokens, the end-of-sequence token included.</summary>
    [JsonPropertyName("mean_length")]
    public required double MeanLength { get; init; }

    /// <summary>Mean over sampled tokens of −log π at the temperature of the samples, in nats; null where the engine told no probabilities.</summary>
    [JsonPropertyName("entropy")]
    public double? Entropy { get; init; }

    /// <summary>How different the right answers are; null in reports that are older than this entry.</summary>
    [JsonPropertyName("variety")]
    public VarietyReport? Variety { get; init; }

    /// <summary>How different the responses' texts are; null where that was not asked for.</summary>
    [JsonPropertyName("texts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextVariety? Texts { get; init; }

    /// <summary>Accuracy against variety by the sampling's setting, temperatures in order; null where that was not asked for.</summary>
    [JsonPropertyName("front"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FrontPoint>? Front { get; init; }

    /// <summary>The report of a scored test set.</summary>
    /// <inheritdoc cref="Of(IReadOnlyList{ProblemSamples}, ulong)"/>
    public static EvaluationReport Of(IEnumerable<ScoredGroup> groups, ITask task, ulong seed) =>
        Of([.. groups.Select(group => ProblemSamples.Of(group, task))], seed);

    /// <summary>The report of problems with n samples each.</summary>
    /// <exception cref="BadInputException">There is no problem or no sample.</exception>
    /// <exception cref="ArgumentException">The problems have different numbers of samples.</exception>
    public static EvaluationReport Of(IReadOnlyList<ProblemSamples> problems, ulong seed)
    {
        if (problems.Count == 0 || problems[0].Verdicts.Count == 0)
            throw new BadInputException("Evaluation: there is nothing to evaluate; use at least one problem and one sample a problem.");
        var n = problems[0].Verdicts.Count;
        if (problems.Any(problem => problem.Verdicts.Count != n || problem.Lengths.Count != n))
            throw new ArgumentException($"Every problem must have {n} verdicts and lengths, as the first has.", nameof(problems));
        var ks = FlowRL.Evaluation.PassAtK.PowersOfTwo(n).ToArray();
        var estimates = Bootstrap.Means(
            [.. ks.Select(k => problems.Select(problem => FlowRL.Evaluation.PassAtK.Estimate(n, problem.Correct, k)).ToArray())], seed);
        var counts = RewardCounts.Of(problems.SelectMany(problem => problem.Verdicts));
        var scores = problems.SelectMany(problem => problem.Verdicts).Select(verdict => verdict.Reward).OfType<FlowRL.Tasks.Reward.Score>().ToList();
        List<SolutionCounts> solutions = [.. problems.Select(SolutionCounts.Of)];
        return new EvaluationReport
        {
            // pass@1 is c/n.
            Accuracy = estimates[0].Value,
            AccuracyLow = estimates[0].Low,
            AccuracyHigh = estimates[0].High,
            Reward = scores.Count == 0 ? null : scores.Average(score => score.Value),
            RewardParts = scores.SelectMany(score => score.Parts).GroupBy(part => part.Key).ToDictionary(part => part.Key, part => part.Average(p => p.Value)),
            Majority = problems.Average(problem => MajorityVote.At(problem.Verdicts, n)),
            PassAtK = ks.Zip(estimates).ToDictionary(pair => pair.First, pair => pair.Second.Value),
            PassAtKIntervals = ks.Zip(estimates).ToDictionary(pair => pair.First, pair => pair.Second),
            Problems = problems.Count,
            Samples = n,
            DistinctCorrect = problems.Average(problem => problem.DistinctCorrect),
            WithoutSolution = solutions.Sum(problem => problem.WithoutSolution),
            Coverage = MeanCoverage(problems),
            Errors = counts.Errors,
            Timeouts = counts.Timeouts,
            Undecided = counts.Undecided,
            Truncated = problems.Average(problem => (double)problem.Truncated / n),
            MeanLength = problems.Average(problem => problem.Lengths.Average()),
            Entropy = TokenEntropy(problems),
            Variety = VarietyReport.Of(solutions, Enumerable.Range(1, n)),
        };
    }

    /// <summary>Mean over sampled tokens of −log π, in nats: an unbiased estimate of the entropy a token. Null where it is not known.</summary>
    internal static double? TokenEntropy(IReadOnlyCollection<ProblemSamples> problems) =>
        problems.Sum(problem => problem.Surprisal) / problems.Sum(problem => problem.Lengths.Sum(length => (long)length)) is var entropy
        && double.IsFinite(entropy) ? entropy : null;

    private static double? MeanCoverage(IEnumerable<ProblemSamples> problems) =>
        problems.Where(problem => problem.Solutions > 0)
            .Select(problem => (double?)problem.DistinctCorrect / problem.Solutions)
            .Average();
}

/// <summary>What evaluation needs of one problem's n samples.</summary>
/// <param name="Verdicts">n verdicts in the order of sampling.</param>
/// <param name="Lengths">n response lengths in tokens.</param>
/// <param name="Truncated">How many of them hit the length limit.</param>
/// <param name="Solutions">How many different solutions exist; null where that is not known.</param>
public sealed record ProblemSamples(IReadOnlyList<Verdict> Verdicts, IReadOnlyList<int> Lengths, int Truncated, int? Solutions)
{
    /// <summary>−log π of all sampled tokens together, in nats, at the temperature of the samples; NaN where the engine told no probabilities.</summary>
    public double Surprisal { get; init; } = double.NaN;

    public int Correct => Verdicts.Count(verdict => verdict.IsCorrect);

    /// <summary>Different solutions among the correct samples.</summary>
    public int DistinctCorrect => Verdicts.Select(verdict => verdict.Solution).OfType<string>().Distinct().Count();

    public static ProblemSamples Of(ScoredGroup group, ITask task) => new(
        group.Verdicts,
        [.. group.Rollout.Responses.Select(response => response.Length)],
        group.Rollout.Responses.Count(response => response.IsTruncated),
        task.CountSolutions(group.Rollout.Problem))
    {
        Surprisal = group.Rollout.Responses.Any(response => response.LogProbs.Length != response.Length) ? double.NaN
            : -group.Rollout.Responses.Sum(response => response.LogProbs.Sum(p => (double)p)),
    };
}
