using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;
using FlowRL.Training;

namespace FlowRL.Tests.Lab.Comparison;

/// <summary>Comparisons without training.</summary>
internal static class Comparisons
{
    public const string Base = "task: countdown\nobjective: flowrl\n";

    public static CompareRecipe Recipe(string folder, string objectives = "a: {}\n  b: {objective: grpo}", string more = "") => OptionsFile.Parse<CompareRecipe>(
        $"base: mine\nseeds: [1, 2]\nevaluation: {{problems: 2, samples: 4, k: [1, 2]}}\nobjectives:\n  {objectives}\n{more}", "compare.yaml", [$"folder={folder}"]);

    public static ComparisonPlan Plan(CompareRecipe recipe) => ComparisonPlan.Of(recipe, name => OptionsPatch.Parse<TrainRecipe>(Base, $"{name}.yaml"));

    public static ComparisonPlan Plan(string folder, string objectives = "a: {}\n  b: {objective: grpo}", string more = "") => Plan(Recipe(folder, objectives, more));

    /// <summary>
    /// Two problems of 4 samples. The first objective finds one of the 2 solutions of the first problem twice with seed 1 and four times
    /// with seed 2; the second finds both, twice each. The second problem has 4 solutions, one of which the second objective finds once.
    /// </summary>
    public static TestedRun Tested(PlannedRun run, CompareTestOptions options) => new(options, 20, 100 * run.Seed, 0.25, 0.5, run.Objective == "a"
        ? [new TestedProblem([run.Seed == 1 ? 2 : 4], 2), new TestedProblem([], 4)]
        : [new TestedProblem([2, 2], 2), new TestedProblem([1], 4)]);

    public static ComparisonReport Report(ComparisonPlan plan) =>
        ComparisonReport.Of([.. plan.Runs.Select(run => (run, Tested(run, plan.Recipe.Evaluation)))]);

    /// <summary>Says that it trained, and stops in place of the given training.</summary>
    public sealed class Work(int stopAt = -1) : IComparisonWork
    {
        public List<string> Trained { get; } = [];

        public List<string> Tests { get; } = [];

        public Task<TestedRun> DoAsync(PlannedRun run, CompareTestOptions options, CancellationToken cancellation)
        {
            Trained.Add($"{run.Objective} {run.Seed}");
            if (Trained.Count - 1 == stopAt) throw new RunInterruptedException(run.Folder, 7);
            Tests.Add($"{run.Objective} {run.Seed}");
            var tested = Tested(run, options);
            tested.Write(run.Folder);
            return Task.FromResult(tested);
        }
    }
}
