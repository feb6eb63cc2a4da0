using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Objectives.Targets;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using Microsoft.Extensions.Logging;

namespace FlowRL.Evaluation;

/// <summary>Samples a model on problems of a task and reports how well it does.</summary>
public sealed class Evaluator : IDisposable
{
    private const string Words = "an evaluation";

    private readonly LanguageModel _model;
    private readonly ITask _task;
    private readonly IRolloutEngine _engine;
    private readonly SamplingOptions _sampling;
    private readonly RewardScorer _scorer;
    private readonly RewardMix? _mix;
    private readonly RewardMix? _own;
    private long _measured;

    /// <param name="model">Borrowed.</param>
    /// <param name="task">Problems and verification; borrowed.</param>
    /// <param name="engine">Draws the responses; owned.</param>
    /// <param name="sampling">How they are drawn.</param>
    /// <param name="verifyLimit">How long the verification of one may take.</param>
    public Evaluator(LanguageModel model, ITask task, IRolloutEngine engine, SamplingOptions sampling, TimeSpan verifyLimit)
        : this(model, task, engine, sampling, verifyLimit, (RewardMix?)null) { }

    /// <param name="model">Borrowed.</param>
    /// <param name="task">Problems and verification; borrowed.</param>
    /// <param name="engine">Draws the responses; owned.</param>
    /// <param name="sampling">How they are drawn.</param>
    /// <param name="verifyLimit">How long the verification of one may take.</param>
    /// <param name="reward">What a response earns.</param>
    /// <param name="logger">Told of the first reward that fails.</param>
    public Evaluator(
        LanguageModel model, ITask task, IRolloutEngine engine, SamplingOptions sampling, TimeSpan verifyLimit, RewardOptions reward, ILogger logger)
        : this(model, task, engine, sampling, verifyLimit, RewardMix.Of(reward)) => (_own, Watch) = (_mix, new RewardWatch(logger));

    // The mix is what a reward is made of, the task's own where null; borrowed.
    internal Evaluator(LanguageModel model, ITask task, IRolloutEngine engine, SamplingOptions sampling, TimeSpan verifyLimit, RewardMix? mix)
    {
        (_model, _task, _engine, _sampling, _mix) = (model, task, engine, sampling, mix);
        _scorer = new RewardScorer(task, verifyLimit, mix: mix);
    }

    /// <summary>Sees to it that failing rewards are noticed; null where nobody does.</summary>
    internal RewardWatch? Watch { get; set; }

    /// <summary>The first <paramref name="count"/> problems of a split; all of them where there are fewer.</summary>
    public IReadOnlyList<Problem> Problems(Split split, int count) => [.. _task.Problems(split).Take(count)];

    /// <summary>Draws <paramref name="samples"/> responses to each problem by the model as it is now, and scores them beside the sampling.</summary>
    /// <param name="problems">What to solve; at least one.</param>
    /// <param name="samples">Responses a problem.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="cancellation">Ends sampling and scoring.</param>
    public EvaluationReport Evaluate(IReadOnlyList<Problem> problems, int samples, ulong seed, CancellationToken cancellation) =>
        Evaluate(problems, samples, seed, _ => { }, cancellation);

    /// <summary>The same for whoever looks at the responses, none of which is kept.</summary>
    /// <param name="problems">What to solve; at least one.</param>
    /// <param name="samples">Responses a problem.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="each">Takes each problem's responses with their scores, in the order of the problems.</param>
    /// <param name="cancellation">Ends sampling and scoring.</param>
    internal EvaluationReport Evaluate(
        IReadOnlyList<Problem> problems, int samples, ulong seed, Action<ScoredGroup> each, CancellationToken cancellation)
    {
        var (counted, verdicts) = (new List<ProblemSamples>(), new List<ScoredGroup>());
        Run(problems, samples, seed, group =>
        {
            each(group);
            counted.Add(ProblemSamples.Of(group, _task));
            verdicts.Add(group with { Rollout = group.Rollout with { PromptIds = [], Responses = [] } });
        }, cancellation);
        Watch?.See(Words, verdicts);
        return EvaluationReport.Of(counted, seed);
    }

    /// <summary>The responses and their scores themselves, in the order of the problems.</summary>
    /// <exception cref="RewardsFailedException">No reward could be computed, where that is watched.</exception>
    /// <inheritdoc cref="Evaluate(IReadOnlyList{Problem}, int, ulong, CancellationToken)"/>
    public IReadOnlyList<ScoredGroup> Sample(IReadOnlyList<Problem> problems, int samples, ulong seed, CancellationToken cancellation)
    {
        var groups = new List<ScoredGroup>();
        Run(problems, samples, seed, groups.Add, cancellation);
        Watch?.See(Words, groups);
        return groups;
    }

    private void Run(IReadOnlyList<Problem> problems, int samples, ulong seed, Action<ScoredGroup> each, CancellationToken cancellation)
    {
        if (problems.Count == 0) throw new BadInputException($"Task '{_task.Name}' has no problems to evaluate on; check its data path and filters.");
        var requests = problems.Select((problem, i) =>
            new SampleRequest(problem, _model.EncodePrompt(problem.Prompt), samples, Seeds.Derive(seed, "evaluation", i))).ToList();
        var scoring = new ScoringObserver(_scorer, requests, cancellation, each: each);
        _engine.SynchroniseAsync(_model.Decoder, ++_measured, cancellation).GetAwaiter().GetResult();
        _engine.SampleAsync(requests, _sampling, scoring, cancellation).GetAwaiter().GetResult();
        scoring.Wait();
    }

    public void Dispose()
    {
        _engine.Dispose();
        _scorer.Dispose();
        _own?.Dispose();
    }
}

/// <summary>Validation during the run, and the evaluation before and after it.</summary>
public sealed record EvaluationOptions : IValidated
{
    [Description("Validate every this many steps; 0 never.")]
    [Range(0, int.MaxValue)]
    public int Every { get; init; } = 20;

    [Description("Validation problems.")]
    [Range(1, 1 << 24)]
    public int ValidationProblems { get; init; } = 128;

    [Description("Samples a validation problem.")]
    [Range(1, 4096)]
    public int ValidationSamples { get; init; } = 4;

    [Description("Test problems evaluated before and after the run; 0 skips both.")]
    [Range(0, 1 << 24)]
    public int TestProblems { get; init; } = 1000;

    [Description("Samples a test problem.")]
    [Range(1, 4096)]
    public int TestSamples { get; init; } = 16;

    [Description("β of the target p* ∝ π_ref·exp(β·r) from which validation measures the policy's exact distance, by listing every response: only " +
        "for vocabularies and length limits that allow few. The checkpoint nearest to the target is then the best one.")]
    [Range(0.0, 10000.0)]
    public double? ExactBeta { get; init; }

    [Description("Which target exact distances are measured from: reference (unless given), " +
        "tempered, flat or flat_by_solution; the objective's own target is chosen there.")]
    public TargetOptions ExactTarget { get; init; } = new ReferenceTargetOptions();

    [Description("How responses are drawn in evaluations.")]
    public SamplingOptions Sampling { get; init; } = new();

    [Description("Further evaluations during the run, by name: of another task, of test problems, with other sampling (docs/evaluation.md). Each is " +
        "logged as evaluation/<name>/accuracy; none chooses the checkpoint.")]
    public IReadOnlyDictionary<string, FurtherEvaluationOptions> Further { get; init; } = ReadOnlyDictionary<string, FurtherEvaluationOptions>.Empty;

    public IEnumerable<string> Validate() => InvalidNames().Concat(ExactBeta is null && ExactTarget is not ReferenceTargetOptions
        ? ["exact_target: has no effect without exact_beta; remove it, or give exact_beta."] : []);

    private IEnumerable<string> InvalidNames() => Further.Keys.Where(name => name == "" || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        .Select(name => $"further.{name}: names a metric too; use letters, digits, dashes and underscores.");
}

/// <summary>An evaluation during the run beside validation. It changes nothing of what is trained.</summary>
public sealed record FurtherEvaluationOptions
{
    [Description("Evaluate every this many steps, and after the last; 0 whenever the run is validated.")]
    [Range(0, int.MaxValue)]
    public int Every { get; init; }

    [Description("Another task with its own data; the run's own unless given.")]
    public TaskOptions? Task { get; init; }

    [Description("Which problems: those of training, of validation, or of the test.")]
    public Split Split { get; init; } = Split.Test;

    [Description("Problems; the first of the split.")]
    [Range(1, 1 << 24)]
    public int Problems { get; init; } = 128;

    [Description("Samples a problem.")]
    [Range(1, 4096)]
    public int Samples { get; init; } = 4;

    [Description("How responses are drawn.")]
    public SamplingOptions Sampling { get; init; } = new();
}
