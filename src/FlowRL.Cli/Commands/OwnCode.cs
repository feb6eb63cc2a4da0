using System.CommandLine;
using FlowRL.Configuration;

namespace FlowRL.Cli.Commands;

/// <summary>
/// Code that is not the tool's: <c>--assembly</c> names assemblies whose tasks, objectives and whatever else recipes name by type are known to the
/// command; <c>--allow-programs</c> lets a recipe bring its own. Naming an assembly here is consent, and takes the place of those that the recipe names.
/// </summary>
internal sealed class OwnCode
{
    public const string AssemblyName = "--assembly";
    public const string ProgramsName = "--allow-programs";

    private readonly Option<string[]> _assembly = new(AssemblyName)
    {
        Description = "An assembly of yours (.dll) whose tasks, objectives, reward parts and output rules can be named; may be given many times, " +
            "and replaces those that the recipe names.",
        HelpName = "file",
    };

    private readonly Option<bool> _programs = new(ProgramsName)
    { Description = "Let the recipe start the programs that it names (reward.parts with type: process) and load its assemblies." };

    /// <param name="command">Who takes the options.</param>
    /// <param name="recipes">Whether it reads recipes of other people's, which may ask for programs.</param>
    public OwnCode(Command command, bool recipes = true)
    {
        command.Add(_assembly);
        if (recipes) command.Add(_programs);
    }

    /// <summary>Takes the user's consent, and says what <c>type:</c> can select: null where no assembly was given, so that the recipe's own count.</summary>
    /// <exception cref="BadInputException">A file cannot be used.</exception>
    public OptionVariants? Variants(Invocation call)
    {
        if (call.Has(_programs) && call.Get(_programs)) Programs.Allow();
        if (call.Get(_assembly) is not { Length: > 0 } files) return null;
        try
        {
            return OptionVariants.FromFiles(files);
        }
        catch (BadInputException wrong)
        {
            throw new BadInputException($"{AssemblyName}: {wrong.Message}", wrong);
        }
    }

    /// <summary>What was given as the recipe's own key, so that a run's recipe keeps what it was trained with.</summary>
    public IEnumerable<string> Overrides(Invocation call) =>
        call.Get(_assembly) is { Length: > 0 } files ? [OverrideText.List("assembly", files.Select(Path.GetFullPath))] : [];
}
