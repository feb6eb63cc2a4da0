using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives.Targets;
using FlowRL.Tasks;
using FlowRL.Telemetry;

namespace FlowRL.Training;

/// <summary>Measures the policy on validation problems, always with the same draws.</summary>
/// <param name="evaluator">Samples; borrowed.</param>
/// <param name="options">How many problems and samples.</param>
/// <param name="seed">The run's.</param>
/// <param name="exact">Exact distances from the target; null where they are not asked for.</param>
internal sealed class Validation(Evaluator evaluator, EvaluationOptions options, ulong seed, ExactValidation? exact)
{
    /// <summary>The metric behind <c>validation_score</c>: the distance from the target where it is measured, else the reward with all its parts.</summary>
    public string ScoredBy => exact is null ? MetricNames.ValidationReward : ExactValidation.Kl;

    /// <summary>The numbers as metrics; <c>validation_score</c> ranks checkpoints, higher is better, NaN where no response has a reward.</summary>
    public IReadOnlyDictionary<string, double> Measure(TrainedPolicy policy, CancellationToken cancellation)
    {
        var problems = evaluator.Problems(Split.Validation, options.ValidationProblems);
        var report = evaluator.Evaluate(problems, options.ValidationSamples, Seeds.Derive(seed, "validation"), cancellation);
        var metrics = new Dictionary<string, double>(exact?.Measure(policy.Partition, cancellation) ?? new Dictionary<string, double>())
        {
            [MetricNames.ValidationAccuracy] = report.Accuracy,
            [MetricNames.ValidationReward] = report.Reward ?? double.NaN,
            ["validation_distinct"] = report.DistinctCorrect,
        };
        metrics[MetricNames.ValidationScore] = exact is null ? metrics[MetricNames.ValidationReward] : -metrics[ExactValidation.Kl];
        return metrics;
    }
}

/// <summary>
/// Measures the policy's distance from p* without sampling: every response that the vocabulary and the length limit allow is scored under
/// policy and reference. For tasks and vocabularies small enough.
/// </summary>
internal sealed class ExactValidation
{
    /// <summary>The metric of KL(π‖p*), in nats.</summary>
    public const string Kl = "exact_kl";

    private const double Rounding = 1e-3;
    private readonly LanguageModel _model;
    private readonly StepOptions _options;
    private readonly List<Listed> _problems;

    /// <summary>A problem with all its responses. Arrays are in the order of the responses.</summary>
    private sealed record Listed(
        IReadOnlyList<TokenSequence> Sequences, double[] Rewards, IReadOnlyList<Verdict> Verdicts, TargetDistribution Exact, TargetDistribution Tilted);

    /// <param name="model">The policy; borrowed.</param>
    /// <param name="reference">The reference; borrowed.</param>
    /// <param name="task">Whose rewards shape the target.</param>
    /// <param name="evaluation">The target's β, which must be given, its kind, and how many validation problems to measure on.</param>
    /// <param name="options">Temperature, length limit, token budget.</param>
    /// <exception cref="BadInputException">There are too many responses to list, or the verifier failed on one.</exception>
    public ExactValidation(LanguageModel model, Decoder reference, ITask task, EvaluationOptions evaluation, StepOptions options)
    {
        (_model, _options) = (model, options);
        var (beta, kind) = (evaluation.ExactBeta!.Value, evaluation.ExactTarget.Create());
        var responses = ResponseSpace.Enumerate(model.Decoder.Config.DrawnTokens,
            model.Tokenizer.EndOfSequenceIds.Concat(model.Decoder.Config.EndOfSequenceIds).ToHashSet(), options.Rollout.Sampling.MaxNewTokens);
        _problems = [.. task.Problems(Split.Validation).Take(evaluation.ValidationProblems).Select(problem =>
        {
            var prompt = model.EncodePrompt(problem.Prompt);
            var sequences = responses.Select(response => new TokenSequence(prompt, response)).ToList();
            var verdicts = responses.Select(response => Verdict(task, problem, response)).ToList();
            var rewards = verdicts.Select(verdict => ((Reward.Score)verdict.Reward).Value).ToArray();
            var logReference = LogProbs(reference, sequences, default);
            var offsets = kind.Exact(logReference, [.. verdicts.Select(verdict => new ListedAnswer(verdict.IsCorrect, verdict.Solution))]);
            return new Listed(sequences, rewards, verdicts, TargetDistribution.Exact(logReference, rewards, beta, offsets),
                TargetDistribution.Tilted(logReference, [.. responses.Select(response => response.Length)], rewards, beta));
        })];
    }

    /// <summary>Means over problems, as metrics.</summary>
    /// <param name="partition">The learned log Z; null where the objective has none.</param>
    /// <param name="cancellation">Ends scoring.</param>
    public IReadOnlyDictionary<string, double> Measure(PartitionFunction? partition, CancellationToken cancellation)
    {
        var metrics = new Metrics();
        foreach (var problem in _problems)
        {
            var logPolicy = LogProbs(_model.Decoder, problem.Sequences, cancellation);
            var distance = ExactDistance.Of(logPolicy, problem.Exact, problem.Rewards, problem.Verdicts);
            metrics.Add(Kl, distance.Kl);
            metrics.Add("exact_kl_forward", distance.ForwardKl);
            metrics.Add("exact_tv", distance.TotalVariation);
            metrics.Add("exact_modes", distance.Modes);
            metrics.Add("exact_accuracy", distance.Accuracy);
            metrics.Add("exact_reward", distance.Reward);
            metrics.Add("exact_entropy", distance.Entropy);
            metrics.Add("exact_log_z", problem.Exact.LogZ);
            metrics.Add("exact_kl_tilted", ExactDistance.Of(logPolicy, problem.Tilted, problem.Rewards, problem.Verdicts).Kl);
            metrics.Add("exact_log_z_tilted", problem.Tilted.LogZ);
            if (partition is null) continue;
            var learned = LogProbScorer.LogPartition(_model.Decoder, partition, problem.Sequences[0]);
            metrics.Add("exact_log_z_error", Math.Abs(learned - problem.Exact.LogZ));
            metrics.Add("exact_log_z_tilted_error", Math.Abs(learned - problem.Tilted.LogZ));
        }
        return metrics.Values();
    }

    private Verdict Verdict(ITask task, Problem problem, int[] response)
    {
        var text = _model.Tokenizer.Decode(response);
        var verdict = task.VerifyAsync(problem, text, default).AsTask().GetAwaiter().GetResult();
        return verdict.Reward is Reward.Score ? verdict : throw new BadInputException(
            $"evaluation.exact_beta: task '{task.Name}' gives '{text}' no reward, and the target needs that of every response; leave the key out.");
    }

    private double[] LogProbs(Decoder decoder, IReadOnlyList<TokenSequence> sequences, CancellationToken cancellation)
    {
        var scores = LogProbScorer.Score(decoder, sequences, _options.Temperature, _options.Training.TokenBudget, cancellation);
        var logs = scores.Select(tokens => tokens.Sum(token => (double)token)).ToArray();
        var sum = logs.Sum(Math.Exp);
        return Math.Abs(sum - 1) < Rounding ? logs : throw new InvalidOperationException(
            $"The probabilities of all responses sum to {sum}: the sampler can give others than those listed.");
    }
}
