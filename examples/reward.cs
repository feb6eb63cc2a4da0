#:project ../src/FlowRL/FlowRL.csproj
#:property PublishAot=false

// A part of the reward of one's own. A new model finds right ones among 4096 answers of three letters; those without a letter earn more.
//     dotnet run examples/reward.cs
//     dotnet run examples/reward.cs -- reward.parts.plain.weight=0          # most right answers have the letter then

using System.ComponentModel;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rewards.Parts;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

var recipe = OptionsFile.Parse<TrainRecipe>("""
    task: {type: modes, letters: 16, length: 3, width: 2, problems: 1}
    objective: {type: flowrl, beta: 10, length_normalised: false, reward_normalised: false, partition: {learning_rate_factor: 10}}
    reward:
      parts:
        right: task                                  # the task's own reward
        plain: {type: without, letter: b, weight: 1}
    model: {create: {letters: 16, ends: false, width: 64, layers: 2, heads: 8, key_value_heads: 8, feed_forward_width: 128, initializer_range: 0.1}}
    rollout: {problems: 1, group_size: 256, sampling: {max_new_tokens: 3}}
    training: {steps: 60, mini_batch: 128, optimizer: {learning_rate: 2e-3, warmup_steps: 10, gradient_clip: 100}}
    evaluation: {every: 0, test_problems: 0}
    """, "reward.cs", args, new OptionVariants(typeof(WithoutOptions).Assembly));
var run = await TrainRun.RunAsync(recipe, resume: null, new Lines(), NullLogger.Instance, CancellationToken.None);
Console.WriteLine(run.Run);

/// <summary>1 where a right answer gets along without a letter, else 0.</summary>
[Variant("without")]
internal sealed record WithoutOptions : RewardPartOptions
{
    [Description("The letter that answers are to get along without.")]
    public string Letter { get; init; } = "b";

    public override IRewardPart Create() => new Without(Letter);
}

internal sealed class Without(string letter) : IRewardPart
{
    // Called from several threads at once. Whatever it throws or waits for costs this one response, and is counted.
    public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) =>
        ValueTask.FromResult(verdict.IsCorrect && !input.Response.Contains(letter, StringComparison.Ordinal) ? 1.0 : 0.0);
}

/// <summary>Says how every tenth step went, on the thread that trains. Each part is a metric by the name that the recipe gives it.</summary>
internal sealed class Lines : IProgress<StepReport>
{
    public void Report(StepReport value)
    {
        if (value.Step % 10 == 0 || value.Step == value.Steps)
            Console.WriteLine($"step {value.Step}: right {value[MetricNames.Accuracy]:P1}, right without the letter {value["reward/plain"]:P1}");
    }
}
