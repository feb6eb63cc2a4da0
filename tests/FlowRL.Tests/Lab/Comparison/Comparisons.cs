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

    /// <summary>
    /// All that is asked of a run. On a front of temperatures 0.5 and 1 and the paper's setting, the first problem's 4 samples give, with every seed, of the first objective
    /// x four times, x and y once each, x three times; of the second x and y twice each, x, y and z once each, x and y twice and once; the base shows x.
    /// </summary>
    public static RunTests Tests(PlannedRun run, CompareTests tests) => Tests(run, "", tests.Evaluation) with
    {
        Further = tests.Further.ToDictionary(pair => pair.Key, pair => Tests(run, pair.Key, pair.Value)),
    };

    private static RunTests Tests(PlannedRun run, string name, CompareTestOptions options) => new(run.IsBase
        ? new TestedRun(options with { Fronts = null }, 0, 0, 0.5, 0.5, [new TestedProblem([4], 2) { Keys = ["x"] }, new TestedProblem([], 4) { Keys = [] }])
        : Tested(run, options with { Fronts = null }),
        [.. CompareTests.Asked(name, options).Where(asked => asked.IsFront).Select((asked, i) => new TestedRun(asked.Options, 30, 0, 0.5, 0.5,
            [Point(run.Objective switch
            {
                "a" => (string[])["xxxx", "xy", "xxx"],
                "b" => ["xxyy", "xyz", "xxy"],
                _ => ["x", "x", "x"],
            }, i), new TestedProblem([], 4) { Keys = [] }]))]);

    private static TestedProblem Point(string[] found, int setting)
    {
        var groups = found[setting].GroupBy(key => key).ToList();
        return new TestedProblem([.. groups.Select(Enumerable.Count)], 2) { Keys = [.. groups.Select(group => $"{group.Key}")] };
    }

    public static ComparisonReport Report(ComparisonPlan plan) =>
        ComparisonReport.Of([.. plan.All.Select(run => (run, Tests(run, plan.Recipe.Tests)))], plan.Recipe);

    /// <summary>Says that it trained, and stops in place of the given training.</summary>
    public sealed class Work(int stopAt = -1) : IComparisonWork
    {
        public List<string> Trained { get; } = [];

        public List<string> Tests { get; } = [];

        public Task<RunTests> DoAsync(PlannedRun run, CompareTests tests, CancellationToken cancellation)
        {
            Trained.Add($"{run.Objective} {run.Seed}");
            if (Trained.Count - 1 == stopAt) throw new RunInterruptedException(run.Folder, 7);
            Tests.Add($"{run.Objective} {run.Seed}");
            var tested = Comparisons.Tests(run, tests);
            foreach (var (test, asked) in tested.All.Zip(tests.Asked())) test.Write(run.Folder, asked.Name);
            return Task.FromResult(tested);
        }
    }
}
