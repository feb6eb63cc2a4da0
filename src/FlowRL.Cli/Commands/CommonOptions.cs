using System.CommandLine;

namespace FlowRL.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<string[]> Set() => new("--set")
    {
        Description = "Change one key, such as --set objective.beta=10; may be given many times.",
        HelpName = "key=value",
    };

    public static Option<bool> AllowPrograms() => new("--allow-programs")
    { Description = "Let the recipe start the programs that it names (reward.parts with type: process)." };

    public static Argument<string> Model() => new("path")
    {
        Description = "A model folder, a run, a checkpoint, a llama2.c .bin file, or embedded:countdown.",
    };
}
