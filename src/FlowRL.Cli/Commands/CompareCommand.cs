using System.CommandLine;
using System.Text.Json.Nodes;
using FlowRL.Cli.Pulling;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Telemetry;
using FlowRL.Training;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl compare</c>: several objectives × several seeds.</summary>
internal static class CompareCommand
{
    public static Command Create(CommandRunner runner)
    {
        var recipe = new Argument<string>("recipe") { Description = "A compare recipe: a YAML file, or one inside the tool such as compare-countdown." };
        recipe.CompletionSources.Add([.. RecipeSource.EmbeddedFor("compare")]);
        var set = CommonOptions.Set<CompareRecipe>("train.training.steps=50");
        var folder = new Option<string?>("--out") { Description = "Short for --set folder=...: where the comparison lands, or goes on.", HelpName = "folder" };
        var parallel = new Option<string?>("--parallel")
        { Description = "Short for --set parallel=...: runs side by side, each in a process of its own.", HelpName = "runs" };
        var dry = new Option<bool>("--dry-run") { Description = "Check everything and list what would run." };
        var command = new Command("compare", "Train several objectives with several seeds on the same budget and compare them on test problems.")
        {
            recipe, set, folder, parallel, dry,
        };
        var own = new OwnCode(command);
        runner.Attach(command, async (call, cancellation) =>
        {
            var overrides = new List<string>([.. call.Get(set) ?? [], .. own.Overrides(call)]);
            var variants = own.Variants(call);
            if (call.Get(folder) is { } path) overrides.Add(OverrideText.Text("folder", path));
            if (call.Get(parallel) is { } number) overrides.Add(OverrideText.Plain("parallel", number));
            ComparisonPlan Plan() =>
                ComparisonPlan.Of(RecipeSource.Load<CompareRecipe>(call.Get(recipe)!, overrides, variants), RecipeSource.Read<TrainRecipe>, variants);
            var plan = Plan();
            // All runs have the same model and the same data, and those that are still to come those of the others.
            var begun = File.Exists(plan.RecipeFile) ? await File.ReadAllTextAsync(plan.RecipeFile, cancellation) : null;
            var pinned = await RecipePull.KeysAsync(plan.Runs[0].Recipe, call, cancellation, begun);
            overrides.AddRange(pinned.Select(key => $"train.{key}"));
            if (pinned.Count > 0) plan = Plan();
            if (call.Get(dry)) return Listed(plan);
            Task<ComparisonReport> Run(Func<PlannedRun, IProgress<StepReport>> progress) =>
                call.Host.Engine.CompareAsync(plan, progress, call.Host.Say, call.Logs, cancellation);
            var report = plan.Recipe.Parallel == 1 ? await call.WithProgress(progress => Run(_ => progress)) : await call.WithRuns(Run);
            return CommandResult.Of(report, Text(plan, report));
        }, StopText.Comparison);
        return command;
    }

    private static CommandResult Listed(ComparisonPlan plan)
    {
        var problems = plan.Runs.Any(run => run.Recipe.Training.Epochs > 0) ? TrainingProblems(plan) : 0;
        var states = plan.All.Select(run => (Run: run, State: ComparisonRun.Sentence(run, ComparisonRun.StateOf(plan, run)))).ToList();
        return new CommandResult(
            new JsonObject
            {
                ["runs"] = new JsonArray([.. states.Select(pair => (JsonNode)new JsonObject
                {
                    ["objective"] = pair.Run.Objective,
                    ["seed"] = pair.Run.Seed,
                    ["run"] = pair.Run.Folder,
                    ["state"] = pair.State,
                })]),
            },
            TextTable.Of([["run", "steps", "responses", "state"], .. states.Select(pair =>
            {
                if (pair.Run.IsBase) return [pair.Run.Folder, "0", "0", pair.State];
                var recipe = pair.Run.Recipe;
                var steps = Epochs.Steps(recipe.Training.Epochs, recipe.Training.Steps, problems, recipe.Rollout.Problems);
                var epochs = recipe.Training.Epochs > 0 ? FormattableString.Invariant($" ({recipe.Training.Epochs} epochs)") : "";
                return (string[])[pair.Run.Folder, $"{steps}{epochs}", $"{(long)steps * recipe.Rollout.Problems * recipe.Rollout.GroupSize}", pair.State];
            })]));
    }

    /// <summary>How many there are to train on, which is the same for all runs.</summary>
    private static int TrainingProblems(ComparisonPlan plan)
    {
        var task = plan.Runs[0].Recipe.Task.Create();
        using var owned = task as IDisposable;
        return task.Problems(Split.Train).Count;
    }

    private static string Text(ComparisonPlan plan, ComparisonReport report) =>
        string.Join("\n\n", [.. report.All.SelectMany(test => Tables(test.Name, test.Report)), ComparisonText.Tested(report),
            FrontText.Standing(report), $"{plan.ResultFile}\n{plan.PageFile}"]);

    private static IEnumerable<string> Tables(string name, ComparisonReport report)
    {
        IReadOnlyList<string[]>[] tables =
        [
            ComparisonText.Means(report), name == "" ? ComparisonText.Exact(report) : [], ComparisonText.Differences(report),
            ComparisonText.SeedDifferences(report), FrontText.Fronts(report), FrontText.Matched(report), FrontText.Areas(report), FrontText.Claims(report),
        ];
        if (name != "") yield return $"{name}: {report.Problems} {report.Split} problems × {report.Samples} samples";
        foreach (var table in tables.Where(rows => rows.Count > 0)) yield return TextTable.Of(table);
    }
}
