using System.CommandLine;
using System.Runtime.InteropServices;
using FlowRL.Cli.Chatting;
using FlowRL.Cli.Pulling;
using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl chat</c>: a conversation with a model.</summary>
internal static class ChatCommand
{
    public static Command Create(CommandRunner runner)
    {
        var model = CommonOptions.Model();
        var system = new Option<string?>("--system") { Description = "What the model is told before the conversation." };
        var samples = new Option<string?>("--samples")
        { Description = "Answers to each message, shown one after another; the first goes on unless /pick says otherwise. 1 when left out." };
        var plain = new Option<bool>("--plain")
        { Description = "No chat template and no memory: the model goes on with each line as it stands. For models that were not taught to talk." };
        var thinking = new Option<bool>("--no-thinking") { Description = "Answer at once, where the model's template has that switch." };
        var seed = new Option<string?>("--seed") { Description = "Seed of the draws." };
        var set = CommonOptions.Set<ChatRecipe>("sampling.stop_strings=['.']");
        var command = new Command("chat",
            "Talk with a model. Each line is a message; /reset, /system, /pick and /exit are explained by /help. Ctrl-C stops an answer, and leaves at the " +
            "prompt. Lines may come from a pipe.") { model, system, samples };
        var sampling = new SamplingFlags(command, new ChatRecipe().Sampling);
        foreach (var option in (Option[])[seed, plain, thinking, set]) command.Add(option);
        runner.Attach(command, async (call, cancellation) =>
        {
            var keys = new List<string> { OverrideText.Text("model.path", call.Get(model)!) };
            if (call.Get(system) is { } text) keys.Add(OverrideText.Text("system", text));
            if (call.Get(samples) is { } count) keys.Add(OverrideText.Plain("samples", count));
            keys.AddRange(sampling.Overrides(call));
            if (call.Get(seed) is { } number) keys.Add(OverrideText.Plain("seed", number));
            if (call.Get(plain)) keys.Add("plain=true");
            if (call.Get(thinking)) keys.Add("thinking=false");
            var recipe = OptionsFile.Parse<ChatRecipe>("", "chat", [.. keys, .. call.Get(set) ?? []]);
            recipe = recipe with { Model = await call.Pulled(recipe.Model, cancellation) };
            var told = await call.Host.Engine.ChatAsync(recipe, partner =>
            {
                using var interrupts = new ChatInterrupts(call.Host.IsKeyboard, cancellation);
                using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = interrupts.Press());
                return new ChatSession(partner, recipe, call.Host, call.Json ? TextWriter.Null : call.Host.Output, interrupts).Run();
            }, call.Logs);
            return CommandResult.Of(told, "");
        }, StopText.Chat, Keyboard.IsCommands);
        return command;
    }
}
