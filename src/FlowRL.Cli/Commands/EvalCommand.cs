using System.CommandLine;
using FlowRL.Recipes;
using FlowRL.Tasks;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl eval</c>: how well a model solves a task.</summary>
internal static class EvalCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var task = new Option<string>("--task") { Description = $"One of {Tasks()}.", Required = true };
        var samples = new Option<string?>("--samples") { Description = "Samples a problem; 16 when left out." };
        var problems = new Option<string?>("--problems") { Description = "Problems; 1000 when left out." };
        var split = new Option<string?>("--split") { Description = "train, validation or test; test when left out." };
        var seed = new Option<string?>("--seed") { Description = "Seed of every random choice." };
        var set = CommonOptions.Set();
        var command = new Command("eval", "Measure avg@k, maj@k, pass@k and the variety of solutions, with intervals.")
        {
            model, task, samples, problems, split, seed, set,
        };
        runner.Attach(command, async (call, cancellation) =>
        {
            var keys = new List<string> { OverrideText.Text("model.path", call.Get(model)!), OverrideText.Text("task", call.Get(task)!) };
            if (call.Get(samples) is { } n) keys.Add(OverrideText.Plain("samples", n));
            if (call.Get(problems) is { } count) keys.Add(OverrideText.Plain("problems", count));
            if (call.Get(split) is { } name) keys.Add(OverrideText.Text("split", name));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            var recipe = RecipeFile.Parse<EvaluateRecipe>("", "eval", [.. keys, .. call.Get(set) ?? []]);
            var report = await call.Host.Engine.EvaluateAsync(recipe, call.Logs, cancellation);
            return CommandResult.Of(report, EvaluationText.Of(report));
        });
        return command;
    }

    private static string Tasks() => string.Join(", ", RecipeVariants.BuiltIn.Of(typeof(TaskOptions)).Keys);
}
