using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl schema</c>: what recipes may say, for editors and for people.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(CommandRunner runner)
    {
        var kind = new Argument<string>("kind") { Description = "train, sft or compare; train when left out.", DefaultValueFactory = _ => "train" };
        kind.AcceptOnlyFromAmong("train", "sft", "compare");
        var markdown = new Option<bool>("--markdown") { Description = "A table of all keys instead of JSON schema." };
        var command = new Command("schema", "Print the JSON schema of recipes, or the table of their keys.") { kind, markdown };
        var own = new OwnCode(command, recipes: false);
        runner.Attach(command, (call, _) => Task.FromResult(
            call.Get(kind) switch
            {
                "sft" => Result<SftRecipe>(call.Get(markdown), own.Variants(call)),
                "compare" => Result<CompareRecipe>(call.Get(markdown), own.Variants(call)),
                _ => Result<TrainRecipe>(call.Get(markdown), own.Variants(call)),
            }));
        return command;
    }

    private static CommandResult Result<T>(bool markdown, OptionVariants? variants) where T : class
    {
        if (markdown)
        {
            var table = OptionsReference.Markdown<T>(variants);
            return new CommandResult(new JsonObject { ["markdown"] = table }, table.TrimEnd());
        }
        var schema = OptionsSchema.For<T>(variants);
        return new CommandResult(schema, schema.ToJsonString(Indented));
    }
}
