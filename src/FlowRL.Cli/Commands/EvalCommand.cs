using System.CommandLine;
using FlowRL.Cli.Pulling;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tasks.Code;
using FlowRL.Tasks.Mathematics;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl eval</c>: how well a model solves a task.</summary>
internal static class EvalCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var task = new Option<string>("--task")
        {
            Description = $"A task ({Tasks()}) or an evaluation with its protocol ({string.Join(", ", RecipeSource.Evaluations)}).",
            Required = true,
        };
        task.CompletionSources.Add([.. EvaluationName.All(OptionVariants.BuiltIn)]);
        var data = new Option<string?>("--data") { Description = "Short for --set task.data.test=[FILE]: the problems of an evaluation.", HelpName = "file" };
        var samples = new Option<string?>("--samples") { Description = "Samples a problem; 16 when left out." };
        var problems = new Option<string?>("--problems") { Description = "Problems; 1000 when left out." };
        var split = new Option<string?>("--split") { Description = "train, validation or test; test when left out." };
        split.CompletionSources.Add([.. OptionNames.Choices(typeof(Split))]);
        var fronts = new Option<bool>("--fronts")
        { Description = "Short for --set fronts={}: accuracy against variety at temperatures from 0.4 to 1.2 and at the paper's setting besides." };
        var seed = new Option<string?>("--seed") { Description = "Seed of every random choice." };
        var target = new Option<string?>("--out")
        { Description = "Where every response goes with its verdict, one JSON object a line; nowhere when left out.", HelpName = "file" };
        var set = CommonOptions.Set<EvaluateRecipe>("sampling.temperature=0.6");
        var command = new Command("eval", "Measure avg@k, maj@k, pass@k and the variety of solutions, with intervals.")
        {
            model, task, data, samples, problems, split, target,
        };
        var sampling = new SamplingFlags(command, new SamplingOptions());
        command.Add(fronts);
        command.Add(seed);
        command.Add(set);
        var own = new OwnCode(command);
        runner.Attach(command, async (call, cancellation) =>
        {
            var variants = own.Variants(call);
            var keys = new List<string>([OverrideText.Text("model.path", call.Get(model)!), .. own.Overrides(call)]);
            var name = call.Get(task)!;
            var isEvaluation = EvaluationName.IsEvaluation(name, variants ?? OptionVariants.BuiltIn);
            if (!isEvaluation) keys.Add(OverrideText.Text("task", name));
            if (call.Get(data) is { } file) keys.Add(OverrideText.List("task.data.test", file));
            if (call.Get(samples) is { } n) keys.Add(OverrideText.Plain("samples", n));
            if (call.Get(problems) is { } count) keys.Add(OverrideText.Plain("problems", count));
            if (call.Get(split) is { } part) keys.Add(OverrideText.Text("split", part));
            keys.AddRange(sampling.Overrides(call));
            if (call.Get(fronts)) keys.Add(OverrideText.Plain("fronts", "{}"));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            keys.AddRange(call.Get(set) ?? []);
            EvaluateRecipe Load() => isEvaluation ? RecipeSource.LoadEvaluation(name, keys, variants)
                : OptionsFile.Parse<EvaluateRecipe>("", "eval", keys, variants);
            var recipe = Load();
            if (recipe.Task is MathOptions { Data.Test.Count: 0 } or CodeTaskOptions { Data.Test.Count: 0 } && recipe.Split == Split.Test)
                throw new BadInputException($"--task {name}: its problems are read from a file of yours; give --data FILE.");
            var pinned = await RecipePull.KeysAsync(recipe, call, cancellation);
            keys.AddRange(pinned);
            if (pinned.Count > 0) recipe = Load();
            using var written = call.Get(target) is { } path ? OutputFile.Begin(path) : null;
            var lines = written is null ? TextWriter.Null : new SafeWriter(written.Writer);
            var report = await call.Host.Engine.EvaluateAsync(recipe, group => Write(group, lines), call.Logs, cancellation);
            written?.Commit();
            return CommandResult.Of(report, EvaluationText.Of(report));
        }, StopText.Evaluation);
        return command;
    }

    private static void Write(ScoredGroup group, TextWriter lines)
    {
        if (ReferenceEquals(lines, TextWriter.Null)) return;
        for (var index = 0; index < group.Verdicts.Count; index++) lines.WriteLine(ResponseLine.Of(group, index));
    }

    private static string Tasks() => string.Join(", ", OptionVariants.BuiltIn.Of(typeof(TaskOptions)).Keys);
}
