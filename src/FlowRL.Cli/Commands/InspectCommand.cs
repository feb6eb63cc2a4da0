using System.CommandLine;
using FlowRL.Cli.Inspecting;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl inspect</c>: what a model, a checkpoint or a run holds.</summary>
internal static class InspectCommand
{
    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path") { Description = "A run, a checkpoint, a model folder, a .gguf file, or a llama2.c .bin file." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        var command = new Command("inspect", "Show what a model, a checkpoint or a run holds.") { path, tensors };
        runner.Attach(command, (call, cancellation) =>
        {
            var inspection = Inspection.Of(call.Get(path)!, cancellation);
            return Task.FromResult(CommandResult.Of(inspection, InspectionText.Of(inspection, call.Get(tensors))));
        });
        return command;
    }
}
