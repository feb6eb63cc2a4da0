using System.CommandLine;
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
        var tokens = new Option<string?>("--max-new-tokens") { Description = "Length limit in tokens; 64 when left out." };
        var temperature = new Option<string?>("--temperature") { Description = "0 takes the most likely token; 1 when left out." };
        var topP = new Option<string?>("--top-p") { Description = "Draw from the smallest set of tokens with this probability." };
        var seed = new Option<string?>("--seed") { Description = "Seed of the draws." };
        var chat = new Option<bool>("--chat") { Description = "Wrap the prompt in the model's chat template." };
        var set = CommonOptions.Set("sampling.top_k=20");
        var command = new Command("sample", "Sample one response and stream it.")
            { model, prompt, tokens, temperature, topP, seed, chat, set };
        runner.Attach(command, async (call, cancellation) =>
        {
            var keys = new List<string>
                { OverrideText.Text("model.path", call.Get(model)!), OverrideText.Text("prompt", call.Get(prompt)!) };
            if (call.Get(tokens) is { } limit) keys.Add(OverrideText.Plain("sampling.max_new_tokens", limit));
            if (call.Get(temperature) is { } heat) keys.Add(OverrideText.Plain("sampling.temperature", heat));
            if (call.Get(topP) is { } share) keys.Add(OverrideText.Plain("sampling.top_p", share));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            if (call.Get(chat)) keys.Add("chat=true");
            var recipe = OptionsFile.Parse<SampleRecipe>("", "sample", [.. keys, .. call.Get(set) ?? []]);
            var stream = call.Json ? TextWriter.Null : call.Host.Output;
            var outcome = await call.Host.Engine.SampleAsync(recipe, text => Emit(stream, text), call.Logs, cancellation);
            if (!call.Json) call.Host.Output.WriteLine();
            return CommandResult.Of(outcome, "");
        });
        return command;
    }

    private static void Emit(TextWriter stream, string text)
    {
        stream.Write(text);
        stream.Flush();
    }
}
