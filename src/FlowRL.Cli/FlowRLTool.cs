using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.Json.Nodes;
using FlowRL.Cli.Commands;
using FlowRL.Recipes;

namespace FlowRL.Cli;

/// <summary>The command-line tool <c>flowrl</c>.</summary>
internal sealed class FlowRLTool(CliHost host)
{
    /// <summary>Runs one command line and returns its exit code (<see cref="ExitCodes"/>).</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation = default)
    {
        var runner = new CommandRunner(host);
        var root = new Command("flowrl",
            "Post-trains language models with reinforcement learning that matches the reward distribution (FlowRL).")
        {
            TrainCommand.Create(runner),
            SftCommand.Create(runner),
            CompareCommand.Create(runner),
            EvalCommand.Create(runner),
            SampleCommand.Create(runner),
            TokenizeCommand.Create(runner),
            InspectCommand.Create(runner),
            MergeCommand.Create(runner),
            DoctorCommand.Create(runner),
            BenchCommand.Create(runner),
            VerifyCommand.Create(runner),
            SchemaCommand.Create(runner),
        };
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        root.Options.Add(runner.Json);
        root.Options.Add(runner.Verbose);
        foreach (var command in root.Subcommands.Concat(root.Subcommands.SelectMany(command => command.Subcommands))) RefuseUnknownOptions(command);
        // A prompt may begin with '@', so no argument is the name of a file with arguments.
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction) return Refuse(parse, runner);
        var streams = new InvocationConfiguration
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(streams, cancellation);
    }

    private int Refuse(ParseResult parse, CommandRunner runner)
    {
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens.Select(t => Unknown(t, command)).ToArray();
        var known = parse.Errors.Select(e => e.Message).Where(m => unknown.Length == 0 || m.StartsWith("'-", StringComparison.Ordinal));
        var message = string.Join('\n', known.Concat(unknown).Distinct());
        host.Error.WriteLine(message);
        host.Error.WriteLine($"See: flowrl {Path(command)}--help");
        if (parse.GetValue(runner.Json))
            host.Output.WriteLine(CommandResult.Line(new JsonObject { ["error"] = message, ["exit_code"] = ExitCodes.BadInput }));
        return ExitCodes.BadInput;
    }

    private static string Path(Symbol command) => command.Parents.FirstOrDefault() is { } parent ? $"{Path(parent)}{command.Name} " : "";

    // Without this a misspelt option would be taken for a path or a recipe.
    private static void RefuseUnknownOptions(Command command)
    {
        foreach (var argument in command.Arguments.Where(a => a.Name != TokenizeCommand.TextName))
        {
            argument.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)))
                    result.AddError(Unknown(token.Value, command));
            });
        }
    }

    private static string Unknown(string token, Command command)
    {
        var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name));
        return $"'{token}' is not known here" + (Spelling.Nearest(token, known) is { } near ? $"; did you mean '{near}'?" : ".");
    }
}
