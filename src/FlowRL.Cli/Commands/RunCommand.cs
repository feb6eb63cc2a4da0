using System.CommandLine;
using FlowRL.Checkpoints;
using FlowRL.Cli.Pulling;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Telemetry;
using Microsoft.Extensions.Logging;

namespace FlowRL.Cli.Commands;

/// <summary>What <c>train</c> and <c>sft</c> share: a recipe, its overrides, and where a stopped run goes on.</summary>
internal static class RunCommand
{
    public delegate Task<TrainSummary> Engine<in T>(
        T recipe, string? resumeFrom, IProgress<StepReport> progress, ILoggerFactory logs, CancellationToken cancellation);

    public static Command Create<T>(
        CommandRunner runner, string name, string description, string defaultRecipe, string example,
            Func<ITrainingEngine, Engine<T>> engine) where T : class
    {
        var recipe = new Argument<string?>("recipe")
        {
            Description =
                $"A YAML file, or a recipe inside the tool ({string.Join(", ", RecipeSource.EmbeddedFor(name))}); '{defaultRecipe}' when left out.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        recipe.CompletionSources.Add([.. RecipeSource.EmbeddedFor(name)]);
        var set = CommonOptions.Set<T>(example);
        var resume = new Option<string?>("--resume")
        { Description = "The folder of a run to go on with; its own recipe is used.", HelpName = "run" };
        var seed = new Option<string?>("--seed") { Description = "Short for --set run.seed=..." };
        var folder = new Option<string?>("--run-folder") { Description = "Short for --set run.folder=..." };
        var dry = new Option<bool>("--dry-run")
        {
            Description = "Check recipe and data, estimate memory and time, and print the recipe with every key; changes nothing.",
        };
        var command = new Command(name, description) { recipe, set, resume, seed, folder, dry };
        var own = new OwnCode(command);
        runner.Attach(command, async (call, cancellation) =>
        {
            var overrides = new List<string>([.. call.Get(set) ?? [], .. own.Overrides(call)]);
            if (call.Get(seed) is { } number) overrides.Add(OverrideText.Plain("run.seed", number));
            if (call.Get(folder) is { } path) overrides.Add(OverrideText.Text("run.folder", path));
            var resumed = call.Get(resume);
            var source = Source(call.Get(recipe), resumed, defaultRecipe);
            var typed = RecipeSource.Load<T>(source, overrides, own.Variants(call));
            if (resumed is not null) SayChanges(overrides, resumed, call.Host);
            var pinned = await RecipePull.KeysAsync(typed, call, cancellation);
            if (pinned.Count > 0) typed = RecipeSource.Load<T>(source, [.. overrides, .. pinned], own.Variants(call));
            if (call.Get(dry))
            {
                return await Rehearse(typed, call, cancellation);
            }
            var summary = await call.WithProgress(p => engine(call.Host.Engine)(typed, resumed, p, call.Logs, cancellation));
            return CommandResult.Of(summary, Text(summary));
        }, StopText.Run);
        return command;
    }

    private static void SayChanges(IReadOnlyList<string> overrides, string run, CliHost host)
    {
        foreach (var key in overrides)
        {
            var isPlace = key.StartsWith("run.name=", StringComparison.Ordinal) || key.StartsWith("run.folder=", StringComparison.Ordinal);
            host.Error.WriteLine(isPlace ? $"resume: {key} is ignored, for the run stays in {run}"
                : $"resume: {key} holds until this command ends; {RunFiles.Recipe} stays as the run began");
        }
    }

    /// <summary>The recipe is printed whatever becomes of the rest: it may be all that was wanted.</summary>
    private static async Task<CommandResult> Rehearse<T>(T recipe, Invocation call, CancellationToken cancellation) where T : class
    {
        var written = OptionsWriter.Write(recipe);
        if (!call.Json) call.Host.Output.WriteLine(written.TrimEnd());
        if (recipe is TrainRecipe training)
        {
            var rehearsal = await call.Host.Engine.RehearseAsync(training, call.Logs, cancellation);
            foreach (var line in EstimateText.Lines(training, rehearsal)) call.Host.Error.WriteLine(line);
        }
        else if (recipe is SftRecipe supervised) await call.Host.Engine.CheckAsync(supervised, call.Logs, cancellation);
        return new CommandResult(new() { ["recipe"] = written }, "");
    }

    private static string Source(string? recipe, string? resumed, string defaultRecipe)
    {
        if (resumed is null) return recipe ?? defaultRecipe;
        if (recipe is not null)
            throw new BadInputException(
                $"--resume {resumed}: a run goes on with its own recipe; leave out '{recipe}', or change keys with --set.");
        var own = Path.Combine(resumed, RunFiles.Recipe);
        return File.Exists(own) ? own
            : throw new BadInputException(
                $"--resume {resumed}: there is no {RunFiles.Recipe} in it; give the folder of a run, such as runs/countdown-1.");
    }

    private static string Text(TrainSummary summary)
    {
        var lines = new List<string> { $"{summary.Run}: {summary.Steps} steps in {ProgressText.Duration(summary.Seconds)}" };
        if (summary.Before is { } before) lines.Add($"before: {EvaluationText.Of(before)}");
        if (summary.After is { } after) lines.Add($"after:  {EvaluationText.Of(after)}");
        if (summary.BestBy is { } by) lines.Add($"best:   step {summary.BestStep}, by {by}");
        return string.Join('\n', lines);
    }
}
