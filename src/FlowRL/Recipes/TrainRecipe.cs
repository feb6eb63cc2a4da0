using System.ComponentModel;
using FlowRL.Checkpoints;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Recipes;

/// <summary>Everything that decides a reinforcement-learning run (<c>flowrl train</c>).</summary>
public sealed record TrainRecipe : IValidated
{
    [Assemblies]
    [Description(AssembliesAttribute.Description)]
    public IReadOnlyList<string> Assembly { get; init; } = [];

    [Description("The model to start from.")]
    public ModelOptions Model { get; init; } = new();

    [Description("The frozen copy of that model, for objectives that compare with it.")]
    public ReferenceOptions Reference { get; init; } = new();

    [Description("What is trained on.")]
    public required TaskOptions Task { get; init; }

    [Description("The training algorithm.")]
    public required ObjectiveOptions Objective { get; init; }

    [Description("What a response earns; the task's own reward unless parts are given.")]
    public RewardOptions Reward { get; init; } = new();

    [Description("What is sampled in each step.")]
    public RolloutOptions Rollout { get; init; } = new();

    [Description("How a rollout batch becomes updates.")]
    public TrainingOptions Training { get; init; } = new();

    [Description("Validation, and the evaluation before and after.")]
    public EvaluationOptions Evaluation { get; init; } = new();

    [Description("What is kept of the run.")]
    public CheckpointOptions Checkpoint { get; init; } = new();

    [Description("Name, folder, seed, threads.")]
    public RunOptions Run { get; init; } = new();

    /// <summary>The temperature at which the policy is trained.</summary>
    public double TrainingTemperature => Training.Temperature ?? Rollout.Sampling.Temperature;

    public IEnumerable<string> Validate()
    {
        foreach (var misfit in Task.Misfits(Model)) yield return misfit;
        var objective = Objective.Create();
        var needed = objective.MinimumGroupSize;
        if (Rollout.GroupSize < needed)
        {
            yield return $"rollout.group_size: {Rollout.GroupSize} is too small for an objective that compares responses within a " +
                $"group; use {needed} or more.";
        }
        if (Rollout.Sampling.IsTruncated)
        {
            yield return "rollout.sampling: top_k, top_p and min_p sample another distribution than the one trained; leave them at " +
                "0, 1 and 0 here and set them under evaluation.sampling.";
        }
        if (Rollout.Sampling.IsPenalised)
        {
            yield return "rollout.sampling.repetition_penalty: samples another distribution than the one trained; leave it at 1 here and set it under " +
                "evaluation.sampling.";
        }
        if (Rollout.Sampling.Temperature <= 0) yield return "rollout.sampling.temperature: 0 samples no distribution; use a value above 0.";
        if (Model.Lora.IsOn && Reference.Weights is not null)
        {
            yield return "reference.weights: with model.lora the reference is the model without its adapters and has no weights of its own; " +
                "leave the key out, or set model.weights.";
        }
        var responses = (Rollout.Problems + (long)Training.Replay.Groups) * Rollout.GroupSize;
        if (responses % Training.MiniBatch != 0)
        {
            yield return $"training.mini_batch: {Training.MiniBatch} does not divide the {responses} responses of a step " +
                $"(({Rollout.Problems} problems + {Training.Replay.Groups} replayed groups) × {Rollout.GroupSize} responses).";
        }
        if (Rollout.Lag > 0 && objective is IProblemPriority { Prioritises: true })
        {
            yield return $"rollout.lag: '{objective.Name}' chooses the next problems by what it has just learnt, so that they cannot be " +
                "sampled ahead; set rollout.lag to 0, or draw each problem once an epoch.";
        }
        if (objective.Needs.HasFlag(ObjectiveNeeds.WholeGroups) && Training.MiniBatch % Rollout.GroupSize != 0)
        {
            yield return $"training.mini_batch: {Training.MiniBatch} cuts groups of {Rollout.GroupSize} responses, which meet in the loss of " +
                $"'{objective.Name}'; use a multiple of rollout.group_size.";
        }
        if (TrainingTemperature != Rollout.Sampling.Temperature && !objective.CorrectsSampling)
        {
            yield return "training.temperature: differs from rollout.sampling.temperature, and nothing corrects for it; set " +
                "objective.correction.level to token or sequence, or leave training.temperature out.";
        }
        if (Rollout.OverlongTokens > Rollout.Sampling.MaxNewTokens)
        {
            yield return $"rollout.overlong_tokens: {Rollout.OverlongTokens} is more than the length limit of " +
                $"{Rollout.Sampling.MaxNewTokens} tokens.";
        }
        if (Training.Replay.Groups > Training.Replay.Capacity)
        {
            yield return $"training.replay.groups: {Training.Replay.Groups} is more than the capacity of {Training.Replay.Capacity}.";
        }
        if (Objective.Matched is { SpreadsOverTexts: true } && Task.HasFreeTexts)
        {
            yield return "objective.target: the right answers of this task can be written in endlessly many ways, and a target that spreads " +
                "over all of them means long ones; use flat_by_solution or reference.";
        }
        if (Evaluation.ExactBeta is not null)
        {
            foreach (var key in OtherTargets())
            {
                yield return $"evaluation.exact_beta: the target has every response that ends by itself or at the length limit, each with the task's own " +
                    $"reward, and {key} makes it another one; leave one of the two out.";
            }
        }
    }

    /// <summary>Keys that end responses earlier, or change what they earn: what is then trained is not what exact distances are measured from.</summary>
    private IEnumerable<string> OtherTargets()
    {
        if (Rollout.Sampling.StopStrings.Count > 0) yield return "rollout.sampling.stop_strings";
        if (Reward.Parts.Count > 0) yield return "reward.parts";
        if (Rollout.OverlongTokens > 0) yield return "rollout.overlong_tokens";
        if (Rollout.Truncated == TruncationPolicy.Penalise) yield return "rollout.truncated: penalise";
    }
}
