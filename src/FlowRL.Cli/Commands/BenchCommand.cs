using System.CommandLine;
using FlowRL.Configuration;
using FlowRL.Lab.Benchmarking;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl bench</c>: how fast this machine samples and trains, and how fast it could.</summary>
internal static class BenchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var recipe = new Argument<string?>("recipe")
        {
            Description = "A train recipe, or one inside the tool: measures its model, problems and sizes instead of --shapes.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        recipe.CompletionSources.Add([.. RecipeSource.EmbeddedFor("train")]);
        var set = CommonOptions.Set<TrainRecipe>("rollout.slots=64");
        var shapes = new Option<string?>("--shapes") { Description = $"Shapes with random weights, of {BenchmarkShape.Names}; S,M when left out." };
        var repeat = CommonOptions.Whole("--repeat", "Timed repetitions; the median counts.", 3, least: 1);
        var threads = CommonOptions.Whole("--threads", "Threads of tensor work; 0 is one a core.", 0, least: 0);
        var output = new Option<string?>("--out") { Description = "Write the result as JSON to this file too.", HelpName = "file" };
        var compare = new Option<string[]>("--compare")
        {
            Description = "Two such files: how the new one stands to the old one. Nothing is measured.",
            HelpName = "old new",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var growth = new Option<bool>("--growth")
        { Description = "Measure how time and memory grow with model, sequences, response length and vocabulary around shape S." };
        var plot = new Option<string?>("--svg") { Description = "With --growth: draw it into this file.", HelpName = "file" };
        var command = new Command("bench", "Measure sampling and training against this machine's ceilings, and where time and memory go.")
        {
            recipe, set, shapes, repeat, threads, output, compare, growth, plot,
        };
        var own = new OwnCode(command);
        runner.Attach(command, async (call, cancellation) =>
        {
            if (call.Get(compare) is { Length: 2 } files)
            {
                var comparison = BenchComparison.Of(files[0], files[1]);
                foreach (var warning in comparison.Warnings) call.Host.Say($"warning: {warning}");
                return Written(CommandResult.Of(comparison, BenchText.Of(comparison)), call.Get(output));
            }
            if (call.Get(output) is { } result) OutputFile.Require("--out", result);
            if (call.Get(plot) is { } drawing) OutputFile.Require("--svg", drawing);
            if (call.Get(growth))
            {
                if (call.Get(recipe) is not null || call.Has(shapes))
                    throw new BadInputException("--growth: sizes around shape S are measured; leave out the recipe and --shapes.");
                var grown = await call.Host.Engine.GrowthAsync(call.Get(threads), new BenchOptions(call.Get(repeat)), call.Host.Say, cancellation);
                if (call.Get(plot) is { } picture) File.WriteAllText(picture, GrowthPlot.Svg(grown));
                return Written(CommandResult.Of(grown, BenchText.Of(grown)), call.Get(output));
            }
            if (call.Get(plot) is not null) throw new BadInputException("--svg draws what --growth measures; add --growth.");
            BenchWork work = call.Get(recipe) is { } name
                ? Recipe(name, own.Variants(call), [.. call.Get(set) ?? [], .. own.Overrides(call)], call.Has(shapes),
                    call.Has(threads) ? call.Get(threads) : null)
                : Shapes(call.Get(shapes) ?? "S,M", call.Get(set) ?? [], call.Get(threads));
            var report = await call.Host.Engine.BenchAsync(work, new BenchOptions(call.Get(repeat)), call.Host.Say, cancellation);
            foreach (var warning in report.Warnings()) call.Host.Say($"warning: {warning}");
            return Written(CommandResult.Of(report, BenchText.Of(report)), call.Get(output));
        }, StopText.Bench);
        return command;
    }

    private static BenchWork.OfShapes Shapes(string names, string[] overrides, int threads) => overrides.Length == 0
        ? new BenchWork.OfShapes([.. names.Split(',', StringSplitOptions.TrimEntries).Distinct().Select(BenchmarkShape.ByName)], threads)
        : throw new BadInputException("--set changes keys of a recipe; name a recipe too, such as flowrl bench countdown --set rollout.slots=64.");

    private static BenchWork.OfRecipe Recipe(string name, OptionVariants? variants, string[] overrides, bool hasShapes, int? threads)
    {
        if (hasShapes) throw new BadInputException($"--shapes: '{name}' is measured with its own model; leave one of both out.");
        if (threads is { } count) overrides = [.. overrides, OverrideText.Plain("run.threads", $"{count}")];
        return new BenchWork.OfRecipe(RecipeSource.Load<TrainRecipe>(name, overrides, variants));
    }

    private static CommandResult Written(CommandResult result, string? file)
    {
        if (file is not null) File.WriteAllText(file, CommandResult.Line(result.Json) + "\n");
        return result;
    }
}
