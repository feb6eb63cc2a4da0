using System.CommandLine;
using FlowRL.Recipes;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl train</c>: reinforcement learning.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandRunner runner) => RunCommand.Create<TrainRecipe>(
        runner, "train", "Post-train a model with reinforcement learning.", "countdown", "objective.beta=10", engine => engine.TrainAsync);
}
