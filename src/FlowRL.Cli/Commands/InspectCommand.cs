using System.CommandLine;
using FlowRL.Cli.Inspecting;
using FlowRL.Cli.Pulling;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl inspect</c>: what a model, a checkpoint or a run holds.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path")
        { Description = "A run, a checkpoint, a model folder, a .gguf file, a llama2.c .bin file, or a name of the hub." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        var command = new Command("inspect", "Show what a model, a checkpoint or a run holds.") { path, tensors };
        runner.Attach(command, async (call, cancellation) =>
        {
            var inspection = Inspection.Of(await call.Pulled(call.Get(path)!, withBase: false, cancellation), cancellation);
            return CommandResult.Of(inspection, InspectionText.Of(inspection, call.Get(tensors)));
        });
        return command;
    }
}
