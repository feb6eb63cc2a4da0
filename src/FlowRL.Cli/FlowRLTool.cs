using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using FlowRL.Cli.Commands;
using FlowRL.Configuration;

namespace FlowRL.Cli;

/// <summary>The command-line tool <c>flowrl</c>.</summary>
internal sealed class FlowRLTool(CliHost host)
{
    /// <summary>Runs one command line and returns its exit code (<see cref="ExitCodes"/>).</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellation = default)
    {
        var runner = new CommandRunner(host);
        var root = new Command("flowrl",
            "Post-trains language models with reinforcement learning that matches the reward distribution (FlowRL).\n" +
            "'flowrl help COMMAND' says more of each. Exit codes: 0 done, 1 failed or stopped, 2 wrong input.")
        {
            TrainCommand.Create(runner),
            SftCommand.Create(runner),
            CompareCommand.Create(runner),
            EvalCommand.Create(runner),
            SampleCommand.Create(runner),
            ChatCommand.Create(runner),
            GenerateCommand.Create(runner),
            ScoreCommand.Create(runner),
            TokenizeCommand.Create(runner),
            InspectCommand.Create(runner),
            PullCommand.Create(runner),
            MergeCommand.Create(runner),
            ExportCommand.Create(runner),
            DoctorCommand.Create(runner),
            BenchCommand.Create(runner),
            VerifyCommand.Create(runner),
            JudgeCommand.Create(runner),
            SchemaCommand.Create(runner),
            RecipeCommand.Create(runner),
            CompletionCommand.Create(runner),
        };
        root.Add(ComparedRunCommand.Create(runner));
        root.Add(HelpCommand.Create(runner, root));
        root.Add(CompletionCommand.CreateAnswer(runner, root));
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
        try
        {
            return await parse.InvokeAsync(streams, cancellation);
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            // Help or a result that could not be printed: the disk behind standard output is full.
            host.Error.WriteLine(FailureText.Of(unwritten));
            return ExitCodes.Failed;
        }
    }

    private const string NoCommand = "A command is missing; 'flowrl train' post-trains the model that ships with FlowRL, and 'flowrl help' lists the others.";

    private int Refuse(ParseResult parse, CommandRunner runner)
    {
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens.Select(t => Unknown(t, command)).ToArray();
        var known = parse.Tokens.Count == 0 ? [NoCommand]
            : parse.Errors.Select(e => Told(e, parse)).Where(m => unknown.Length == 0 || m.StartsWith("'-", StringComparison.Ordinal));
        var message = string.Join('\n', known.Concat(unknown).Distinct());
        host.Error.WriteLine(message);
        host.Error.WriteLine($"See: flowrl {Path(command)}--help");
        if (parse.GetValue(runner.Json))
            host.Output.WriteLine(CommandResult.Line(new JsonObject { ["error"] = message, ["exit_code"] = ExitCodes.BadInput }));
        return ExitCodes.BadInput;
    }

    /// <summary>Which argument is missing, where the parser only says that one is.</summary>
    private static string Told(ParseError error, ParseResult parse) =>
        error.SymbolResult is ArgumentResult { Argument: { Arity.MinimumNumberOfValues: > 0 } argument, Tokens.Count: 0 }
        && parse.CommandResult.Command.Arguments.Contains(argument)
            ? $"<{argument.Name}> is missing. {argument.Description}" : error.Message;

    private static string Path(Symbol command) => command.Parents.FirstOrDefault() is { } parent ? $"{Path(parent)}{command.Name} " : "";

    // Without this a misspelt option would be taken for a path or a recipe.
    private static void RefuseUnknownOptions(Command command)
    {
        foreach (var argument in command.Arguments.Where(a => a.Name != TokenizeCommand.TextName && !command.Hidden))
        {
            argument.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(t => t.Value.Length > 1 && t.Value[0] == '-'))
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
