#:project ../src/FlowRL/FlowRL.csproj
#:property PublishAot=false

// A task of one's own: a new model learns it from demonstrations, and then from its own answers.
//     dotnet run examples/task.cs
//     dotnet run examples/task.cs -- training.steps=100 objective.beta=5

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FlowRL;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

var variants = new OptionVariants(typeof(BetweenOptions).Assembly);
var first = OptionsFile.Parse<SftRecipe>("""
    task: between
    model: {create: {width: 64, layers: 2, heads: 4, key_value_heads: 4, feed_forward_width: 176, context_length: 16}}
    steps: 200
    batch: 64
    optimizer: {learning_rate: 3e-3}
    evaluation: {every: 0, test_problems: 0}
    """, "task.cs", args.Where(key => key.StartsWith("run.", StringComparison.Ordinal)), variants);
var warm = await SftRun.RunAsync(first, resume: null, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);

var second = OptionsFile.Parse<TrainRecipe>("""
    task: between
    objective: {type: flowrl, preset: exact_target}
    rollout: {problems: 32, group_size: 8, sampling: {max_new_tokens: 4}}
    training: {steps: 40, mini_batch: 128, optimizer: {learning_rate: 5e-4}}
    evaluation: {every: 0, test_problems: 100, sampling: {max_new_tokens: 4}}
    """, "task.cs", [$"model.path={warm.Run}", .. args], variants);
var run = await TrainRun.RunAsync(second, resume: null, new Progress<StepReport>(), NullLogger.Instance, CancellationToken.None);
foreach (var (when, report) in new[] { ("before", run.Before!), ("after", run.After!) })
    Console.WriteLine($"{when}: {report.Accuracy:P1} right, {report.DistinctCorrect:F1} different right answers in {report.Samples}");

/// <summary>A number between two others: <c>12,57:</c> may be answered by <c>13</c>, by <c>56</c>, and by every number between them.</summary>
[Variant("between")]
internal sealed record BetweenOptions : TaskOptions
{
    [Description("How many numbers lie between the two at least.")]
    [Range(1, 50)]
    public int Least { get; init; } = 4;

    public override ITask Create() => new Between(Least);
}

internal sealed class Between(int least) : IDemonstratedTask
{
    public string Name => "between";

    // The same list every time, shuffled so that its beginning is a fair sample. A tenth is for validation, a tenth for the test.
    public IReadOnlyList<Problem> Problems(Split split)
    {
        var pairs = (from low in Enumerable.Range(10, 90) from high in Enumerable.Range(10, 90) where high - low > least select (low, high)).ToArray();
        return
        [
            .. from index in Seeds.Permutation(seed: 1, pairs.Length)
               where (index % 10) switch { 0 => Split.Validation, 1 => Split.Test, _ => Split.Train } == split
               let text = $"{pairs[index].low},{pairs[index].high}"
               select new Problem(Id: text, Prompt: $"{text}:", Reference: text),
        ];
    }

    // Called from several threads at once; a response may be any text.
    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var (low, high) = Bounds(problem);
        var answer = int.TryParse(response, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"{number}" : null;
        var isCorrect = answer is not null && low < number && number < high;
        return ValueTask.FromResult(new Verdict(new Reward.Score(isCorrect ? 1 : 0), answer, Solution: isCorrect ? answer : null));
    }

    public int? CountSolutions(Problem problem) => Bounds(problem).High - Bounds(problem).Low - 1;

    public string Demonstrate(Problem problem, ulong seed) => $"{Bounds(problem).Low + 1 + Seeds.Below(seed, 0, CountSolutions(problem)!.Value)}";

    private static (int Low, int High) Bounds(Problem problem)
    {
        var bounds = problem.Reference.Split(',');
        return (int.Parse(bounds[0], CultureInfo.InvariantCulture), int.Parse(bounds[1], CultureInfo.InvariantCulture));
    }
}
