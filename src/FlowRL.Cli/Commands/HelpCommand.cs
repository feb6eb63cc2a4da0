using System.CommandLine;
using System.Text.Json.Nodes;
using FlowRL.Configuration;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl help</c>: what <c>--help</c> prints, by the name of a command.</summary>
internal static class HelpCommand
{
    /// <param name="runner">Attaches it.</param>
    /// <param name="root">The tool itself.</param>
    public static Command Create(CommandRunner runner, Command root)
    {
        var names = new Argument<string[]>("command") { Description = "A command, such as train or verify math; all of them when left out." };
        names.CompletionSources.Add([.. root.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)]);
        var help = new Command("help", "Show how a command is used.") { names };
        runner.Attach(help, async (call, cancellation) =>
        {
            var words = call.Get(names) ?? [];
            RequireCommand(root, words);
            var text = new StringWriter { NewLine = "\n" };
            await root.Parse([.. words, "--help"]).InvokeAsync(new InvocationConfiguration { Output = text }, cancellation);
            return new CommandResult(new JsonObject { ["help"] = text.ToString() }, text.ToString().TrimEnd());
        });
        return help;
    }

    private static void RequireCommand(Command command, IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var known = command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name).ToList();
            command = command.Subcommands.FirstOrDefault(one => one.Name == word) ?? throw new BadInputException(
                $"'{word}' is no command" + (Spelling.Nearest(word, known) is { } near ? $"; did you mean '{near}'?"
                    : known.Count == 0 ? $" below '{command.Name}', which has none." : $"; there are {string.Join(", ", known)}."));
        }
    }
}
