using System.CommandLine;
using FlowRL.Cli.Pulling;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rollouts;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl sample</c>: one response, streamed.</summary>
internal static class SampleCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var prompt = new Option<string>("--prompt")
        { Description = "The text that the model reads; - reads standard input, but for one line end at its end.", Required = true };
        var seed = new Option<string?>("--seed") { Description = "Seed of the draws." };
        var chat = new Option<bool>("--chat") { Description = "Wrap the prompt in the model's chat template." };
        var set = CommonOptions.Set<SampleRecipe>("sampling.stop_strings=['.']");
        var command = new Command("sample", "Sample one response and stream it.")
            { model, prompt };
        var sampling = new SamplingFlags(command, new SamplingOptions());
        foreach (var option in (Option[])[seed, chat, set]) command.Add(option);
        runner.Attach(command, async (call, cancellation) =>
        {
            var text = call.Get(prompt)!;
            if (text == InputRows.Standard) text = await ReadAsync(call.Host);
            cancellation.ThrowIfCancellationRequested();
            var keys = new List<string> { OverrideText.Text("model.path", call.Get(model)!), OverrideText.Text("prompt", text) };
            keys.AddRange(sampling.Overrides(call));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            if (call.Get(chat)) keys.Add("chat=true");
            var recipe = OptionsFile.Parse<SampleRecipe>("", "sample", [.. keys, .. call.Get(set) ?? []]);
            recipe = recipe with { Model = await call.Pulled(recipe.Model, cancellation) };
            var stream = call.Json ? TextWriter.Null : call.Host.Output;
            var begun = false;
            try
            {
                var outcome = await call.Host.Engine.SampleAsync(recipe, part => begun = Emit(stream, part), call.Logs, cancellation);
                return CommandResult.Of(outcome, "");
            }
            finally
            {
                if (begun) stream.WriteLine();
            }
        }, StopText.Sample);
        return command;
    }

    /// <summary>All that is to be read, without the line end that a shell puts behind every text.</summary>
    private static async Task<string> ReadAsync(CliHost host)
    {
        var text = await host.Input.ReadToEndAsync();
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static bool Emit(TextWriter stream, string text)
    {
        stream.Write(text);
        stream.Flush();
        return true;
    }
}
