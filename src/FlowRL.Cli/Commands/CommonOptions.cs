using System.CommandLine;
using System.Globalization;
using FlowRL.Checkpoints;
using FlowRL.Cli.Completion;

namespace FlowRL.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <typeparam name="T">Whose keys can be changed.</typeparam>
    /// <param name="example">A change that this command's keys allow.</param>
    public static Option<string[]> Set<T>(string example) where T : class
    {
        var set = new Option<string[]>("--set")
        {
            Description = $"Change one key, such as --set {example}; may be given many times.",
            HelpName = "key=value",
        };
        set.CompletionSources.Add(context => KeyCompletion.Of(typeof(T), context.WordToComplete));
        return set;
    }

    /// <summary>A whole number, with a sentence for what is none.</summary>
    public static Option<int> Whole(string name, string description, int otherwise, int least) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                result.AddError($"{name}: '{text}' is not a whole number.");
            else if (number < least) result.AddError($"{name}: {number} is out of range; use {least} or more.");
            return number;
        },
    };

    public static Argument<string> Model()
    {
        var model = new Argument<string>("path")
        {
            Description = "A model folder, a run, a checkpoint, a .gguf file, a llama2.c .bin file, a name of the hub such as Qwen/Qwen3-0.6B, " +
                "or embedded:countdown.",
        };
        model.CompletionSources.Add([.. EmbeddedModels.Names.Select(name => EmbeddedModels.PathPrefix + name)]);
        return model;
    }
}
