using System.CommandLine;
using System.Globalization;
using FlowRL.Checkpoints;
using FlowRL.Cli.Pulling;
using FlowRL.Models;
using FlowRL.Training;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl merge</c>: a model with adapters as a whole model.</summary>
internal static class MergeCommand
{
    private static readonly Dictionary<string, WeightType> Types = new() { ["float32"] = WeightType.Float32, ["bfloat16"] = WeightType.Bfloat16 };

    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path")
        { Description = "A run that trained adapters, one of its checkpoints, a PEFT folder, or adapters by their name of the hub." };
        var target = new Option<string>("--out") { Description = "The new model's folder; empty or not there yet.", HelpName = "folder", Required = true };
        var weights = new Option<string>("--weights") { Description = "Type of the weights.", DefaultValueFactory = _ => "float32" };
        weights.AcceptOnlyFromAmong([.. Types.Keys]);
        var command = new Command("merge", "Merge LoRA adapters into the weights, as a model folder that needs no adapters.") { path, target, weights };
        runner.Attach(command, async (call, cancellation) =>
        {
            var folder = call.Get(target)!;
            var source = await call.Pulled(call.Get(path)!, withBase: true, cancellation);
            var options = new ModelOptions { Path = source, Weights = Types[call.Get(weights)!] };
            var parameters = await TensorThread.RunAsync(0, () => PretrainedModel.Merge(options, folder));
            return CommandResult.Of(new { folder, parameters },
                string.Create(CultureInfo.InvariantCulture, $"{source} merged into {folder}: {parameters:N0} parameters"));
        });
        return command;
    }
}
