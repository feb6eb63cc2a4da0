using System.CommandLine;
using FlowRL.Cli.Pulling;
using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl sample</c>: one response, streamed.</summary>
internal static class SampleCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var prompt = new Option<string>("--prompt") { Description = "The text that the model reads.", Required = true };
        var seed = new Option<string?>("--seed") { Description = "Seed of the draws." };
        var chat = new Option<bool>("--chat") { Description = "Wrap the prompt in the model's chat template." };
        var set = CommonOptions.Set<SampleRecipe>("sampling.stop_strings=['.']");
        var command = new Command("sample", "Sample one response and stream it.")
            { model, prompt };
        var sampling = new SamplingFlags(command);
        foreach (var option in (Option[])[seed, chat, set]) command.Add(option);
        runner.Attach(command, async (call, cancellation) =>
        {
            var keys = new List<string>
                { OverrideText.Text("model.path", call.Get(model)!), OverrideText.Text("prompt", call.Get(prompt)!) };
            keys.AddRange(sampling.Overrides(call));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            if (call.Get(chat)) keys.Add("chat=true");
            var recipe = OptionsFile.Parse<SampleRecipe>("", "sample", [.. keys, .. call.Get(set) ?? []]);
            recipe = recipe with { Model = await call.Pulled(recipe.Model, cancellation) };
            var stream = call.Json ? TextWriter.Null : call.Host.Output;
            var begun = false;
            try
            {
                var outcome = await call.Host.Engine.SampleAsync(recipe, text => begun = Emit(stream, text), call.Logs, cancellation);
                return CommandResult.Of(outcome, "");
            }
            finally
            {
                if (begun) stream.WriteLine();
            }
        }, StopText.Sample);
        return command;
    }

    private static bool Emit(TextWriter stream, string text)
    {
        stream.Write(text);
        stream.Flush();
        return true;
    }
}
