using System.CommandLine;
using System.Text.Json.Nodes;
using FlowRL.Cli.Completion;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl completion</c>: a script for a shell, which asks the hidden <c>flowrl complete</c> at each tab.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create(CommandRunner runner)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish; the script's first lines say where it goes." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print a script that completes commands, options, recipes and their keys in a shell.") { shell };
        runner.Attach(command, (call, _) =>
        {
            var script = Script(call.Get(shell)!);
            return Task.FromResult(new CommandResult(new JsonObject { ["script"] = script }, script.TrimEnd()));
        });
        return command;
    }

    /// <summary>The words that may stand at a line's end, each with a tab and what it means where that is known.</summary>
    /// <param name="runner">Attaches it.</param>
    /// <param name="root">The tool itself.</param>
    public static Command CreateAnswer(CommandRunner runner, Command root)
    {
        var line = new Argument<string>("line") { Description = "What stands between the tool's name and the cursor." };
        var command = new Command("complete", "Print the words that may stand next on a command line.") { line };
        command.Hidden = true;
        runner.Attach(command, (call, _) =>
        {
            var items = Completer.Of(root, call.Get(line)!).ToList();
            return Task.FromResult(new CommandResult(new JsonObject { ["words"] = new JsonArray([.. items.Select(item => (JsonNode)item.Label)]) },
                string.Join('\n', items.Select(item => string.IsNullOrEmpty(item.Detail) ? item.Label : $"{item.Label}\t{item.Detail.Split('\n')[0]}"))));
        });
        return command;
    }

    private static string Script(string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream($"completion/flowrl.{shell}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
