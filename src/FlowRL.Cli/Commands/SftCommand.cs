using System.CommandLine;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl sft</c>: supervised warm-up.</summary>
internal static class SftCommand
{
    public static Command Create(CommandRunner runner) => RunCommand.Create<SftRecipe>(
        runner, "sft", "Train a model on demonstrations; the loss is on the completion only.", "countdown-sft",
        "optimizer.learning_rate=1e-3", engine => engine.SftAsync);
}
