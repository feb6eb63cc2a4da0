#:project ../src/FlowRL/FlowRL.csproj
#:property PublishAot=false

// An objective of one's own. A new model finds the right ones among 4096 answers of three letters; six are right, and how many it holds is shown too.
//     dotnet run examples/objective.cs
//     dotnet run examples/objective.cs -- training.steps=300 objective.tau=2

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Numerics;
using FlowRL.Objectives;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

var recipe = OptionsFile.Parse<TrainRecipe>("""
    task: {type: modes, letters: 16, length: 3, width: 2, problems: 1}
    objective: mirror_descent
    model: {create: {letters: 16, ends: false, width: 64, layers: 2, heads: 8, key_value_heads: 8, feed_forward_width: 128, initializer_range: 0.1}}
    rollout: {problems: 1, group_size: 256, sampling: {max_new_tokens: 3}}
    training: {steps: 100, mini_batch: 128, optimizer: {learning_rate: 2e-3, warmup_steps: 10}}
    evaluation: {every: 0, test_problems: 1, test_samples: 256, sampling: {max_new_tokens: 3}}
    """, "objective.cs", args, new OptionVariants(typeof(MirrorDescentOptions).Assembly));
var run = await TrainRun.RunAsync(recipe, resume: null, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);
foreach (var (when, report) in new[] { ("before", run.Before!), ("after", run.After!) })
    Console.WriteLine($"{when}: {report.Accuracy:P1} right, {report.DistinctCorrect:F0} different right answers in {report.Samples}");

/// <summary>
/// Policy mirror descent, as Kimi k1.5 was trained (arXiv 2501.12599, equation 3, with the group's mean reward for its normaliser):
/// <code>L = mean over responses of (r − mean r − τ·log π_θ(y|x)/π_old(y|x))² / 2τ</code>
/// At π_θ = π_old its gradient is the policy gradient with that mean as the baseline; from there on the square holds the policy back.
/// </summary>
[Variant("mirror_descent")]
internal sealed record MirrorDescentOptions : ObjectiveOptions
{
    [Description("Nats of log π_θ/π_old of a whole response cost this much reward: the larger, the shorter a step moves.")]
    [Range(0.001, 1000.0)]
    public double Tau { get; init; } = 0.1;

    public override IObjective Create() => new MirrorDescent(Tau);
}

internal sealed class MirrorDescent(double tau) : IObjective
{
    public string Name => "mirror_descent";

    // Neither reference nor log Z nor critic.
    public ObjectiveNeeds Needs => ObjectiveNeeds.None;

    public int MinimumGroupSize => 2;

    // Once for all responses of a step, in plain numbers.
    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var groups = GroupStatistics.ByComparedGroup(responses);
        return new CreditAssignment(
            [.. responses.Select(response => Credit.Uniform(response.Reward - groups[response.Group].Mean, response.Length))],
            GroupStatistics.Metrics(responses, groups));
    }

    // Of each micro-batch: B responses of up to T tokens. Sums are divided by the mini-batch, so that micro-batches add up to it.
    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope(); // frees every tensor that is not moved out of it
        var moved = Masked.Sum(inputs.PolicyLogProbs - inputs.BehaviourLogProbs, inputs.Mask); // (B) log π_θ/π_old
        var residual = inputs.Scores - moved * Scalars.Of(tau); // (B); a number goes into tensor arithmetic by Scalars.Of
        var loss = residual.Squared().sum() / Scalars.Of(2 * tau * inputs.MiniBatchResponses);
        var metrics = new MetricReader { ["moved"] = moved.abs().mean(), ["residual"] = residual.abs().mean() };
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics.Read());
    }
}
