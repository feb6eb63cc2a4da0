using System.CommandLine;
using System.Globalization;
using FlowRL.Cli.Pulling;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Recipes;
using FlowRL.Runs;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl score</c>: log-probabilities of given texts.</summary>
internal static class ScoreCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var file = new Argument<string>("file")
        { Description = "JSON lines of text, or of prompt and completion, or of ids (which need no tokenizer); - reads standard input." };
        var engine = new Option<string?>("--engine")
        { Description = "cpu: vector kernels, or tensor operations where they cannot compute the model, which is said; tensor: tensor operations." };
        engine.CompletionSources.Add([.. OptionNames.Choices(typeof(EngineKind))]);
        var target = new Option<string?>("--out") { Description = "Where the scored lines go; standard output when left out.", HelpName = "file" };
        var set = CommonOptions.Set<ScoreRecipe>("model.weights=bfloat16");
        var command = new Command("score",
            "Compute the log-probability of every token of given texts after the first: ids, log_probabilities (natural logarithms at temperature 1) and " +
            "their total for each line, and the perplexity of all.") { model, file, engine, target, set };
        runner.Attach(command, (call, cancellation) => Task.Run(async () =>
        {
            var keys = new List<string> { OverrideText.Text("model.path", call.Get(model)!) };
            if (call.Get(engine) is { } kind) keys.Add(OverrideText.Plain("engine", kind));
            var recipe = OptionsFile.Parse<ScoreRecipe>("", "score", [.. keys, .. call.Get(set) ?? []]);
            recipe = recipe with { Model = await call.Pulled(recipe.Model, cancellation) };
            var rows = InputRows.ReadAll(call.Get(file)!);
            using var written = call.Get(target) is { } path ? OutputFile.Begin(path) : null;
            var lines = written is null ? call.Host.Output : new SafeWriter(written.Writer);
            var summary = await call.Host.Engine.ScoreAsync(recipe, rows, row => lines.WriteLine(ResponseLine.Of(row)), call.Logs, cancellation);
            written?.Commit();
            if (!call.Json) call.Host.Error.WriteLine(Text(summary));
            return CommandResult.Of(summary, "");
        }, cancellation), StopText.Score);
        return command;
    }

    private static string Text(ScoreSummary summary) => summary.Perplexity is { } perplexity
        ? string.Create(CultureInfo.InvariantCulture, $"perplexity {perplexity:G7}: {summary.Tokens:N0} tokens of {summary.Rows:N0} rows")
        : string.Create(CultureInfo.InvariantCulture, $"no perplexity: {summary.Rows:N0} rows without a token after the first");
}
