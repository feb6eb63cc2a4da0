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
        runner.Attach(command, (call, _) => Task.FromResult(
            call.Get(kind) switch
            {
                "sft" => Result<SftRecipe>(call.Get(markdown)),
                "compare" => Result<CompareRecipe>(call.Get(markdown)),
                _ => Result<TrainRecipe>(call.Get(markdown)),
            }));
        return command;
    }

    private static CommandResult Result<T>(bool markdown) where T : class
    {
        if (markdown)
        {
            var table = OptionsReference.Markdown<T>();
            return new CommandResult(new JsonObject { ["markdown"] = table }, table.TrimEnd());
        }
        var schema = OptionsSchema.For<T>();
        return new CommandResult(schema, schema.ToJsonString(Indented));
    }
}
