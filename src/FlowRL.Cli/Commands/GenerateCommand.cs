using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using FlowRL.Checkpoints;
using FlowRL.Cli.Pulling;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rollouts;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl generate</c>: responses to the prompts of a file.</summary>
internal static class GenerateCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var prompts = new Option<string>("--prompts")
        {
            Description = "Rows with prompt (a text) or messages (a conversation), and an id where they have one; - reads JSON lines from standard input.",
            HelpName = "file",
            Required = true,
        };
        var target = new Option<string?>("--out")
        {
            Description = "Where responses go, one JSON object a line; standard output when left out. What a stop leaves, the same command goes on with.",
            HelpName = "file",
        };
        var samples = new Option<string?>("--samples") { Description = "Responses to each prompt; 1 when left out." };
        var chat = new Option<bool>("--chat") { Description = "Wrap prompts that are texts in the model's chat template." };
        var seed = new Option<string?>("--seed") { Description = "Seed of the draws." };
        var set = CommonOptions.Set<GenerateRecipe>("sampling.stop_strings=['.']");
        var command = new Command("generate", "Answer the prompts of a file, several times each; writes texts, log-probabilities and why each ended.")
            { model, prompts, samples, target };
        var sampling = new SamplingFlags(command, new SamplingOptions());
        foreach (var option in (Option[])[seed, chat, set]) command.Add(option);
        runner.Attach(command, (call, cancellation) => Task.Run(async () =>
        {
            var keys = new List<string> { OverrideText.Text("model.path", call.Get(model)!) };
            if (call.Get(samples) is { } count) keys.Add(OverrideText.Plain("samples", count));
            keys.AddRange(sampling.Overrides(call));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            if (call.Get(chat)) keys.Add("chat=true");
            var recipe = OptionsFile.Parse<GenerateRecipe>("", "generate", [.. keys, .. call.Get(set) ?? []]);
            recipe = recipe with { Model = await call.Pulled(recipe.Model, cancellation) };
            var file = call.Get(prompts)!;
            // Read twice, which standard input cannot be.
            var rows = file == InputRows.Standard ? [.. InputRows.ReadAll(file)] : InputRows.ReadAll(file);
            var path = call.Get(target);
            var isKept = path is not null && !OutputFile.IsDevice(path);
            using var kept = !isKept ? null : new ResumableLines(path!,
                [.. keys, .. call.Get(set) ?? [], PretrainedModel.Stamp(recipe.Model.Path), Content(file, rows.Select(row => row.Fields.ToJsonString()))],
                recipe.Samples);
            using var device = path is null || isKept ? null : OutputFile.Begin(path);
            var lines = new GeneratedLines(
                kept?.Writer ?? (device is null ? call.Host.Output : new SafeWriter(device.Writer)), call.Host.Error, recipe.Samples, kept?.Kept ?? 0);
            var summary = await call.Host.Engine.GenerateAsync(recipe, rows, kept?.Kept ?? 0, lines, call.Logs, cancellation);
            kept?.Commit();
            device?.Commit();
            if (!call.Json) call.Host.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{summary.Rows:N0} prompts, {summary.Responses:N0} responses, {summary.Tokens:N0} tokens, {ProgressText.Duration(summary.Seconds)}"));
            return CommandResult.Of(summary, "");
        }, cancellation), StopText.Generate);
        return command;
    }

    private static string Content(string file, IEnumerable<string> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in rows) hash.AppendData(System.Text.Encoding.UTF8.GetBytes(row + "\n"));
        return $"{file} {Convert.ToHexString(hash.GetHashAndReset())}";
    }
}
