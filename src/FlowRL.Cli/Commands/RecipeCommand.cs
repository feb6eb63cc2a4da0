using System.CommandLine;
using FlowRL.Lab.Import;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl recipe</c>: a recipe from another trainer's settings.</summary>
internal static class RecipeCommand
{
    public static Command Create(CommandRunner runner)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "YAML, or a shell script that starts a training; nothing in it is run. Of several files the later counts where both say something.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var from = new Option<string>("--from") { Description = "Whose settings they are: trl or verl.", HelpName = "trl|verl", Required = true };
        from.AcceptOnlyFromAmong([.. RecipeImport.Trainers]);
        var target = new Option<string?>("--out") { Description = "Where the recipe goes; standard output when left out.", HelpName = "file" };
        var force = new Option<bool>("--force") { Description = "Replace the file of --out where there is one." };
        var table = new Option<bool>("--keys") { Description = "Print the table of keys instead, as Markdown." };
        var command = new Command("recipe", "Make a recipe from the settings of TRL or verl, and name what has no counterpart.")
        { files, from, target, force, table };
        runner.Attach(command, (call, _) =>
        {
            var trainer = call.Get(from)!;
            if (call.Get(table))
            {
                var keys = RecipeImport.Keys(trainer);
                return Task.FromResult(new CommandResult(new() { ["keys"] = keys }, keys.TrimEnd()));
            }
            if (call.Get(files) is not { Length: > 0 } paths)
                throw new BadInputException("<file> is missing. Give YAML, or a shell script that starts a training.");
            var path = call.Get(target);
            if (path is not null) Require(path, call.Get(force));
            var report = RecipeImport.Of(trainer, paths, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
            foreach (var line in report.Lines(string.Join(' ', paths))) call.Host.Error.WriteLine(line);
            if (path is not null) OutputFile.Write(path, writer => { writer.Write(report.Recipe); return 0; });
            return Task.FromResult(CommandResult.Of(report, path is null ? report.Recipe.TrimEnd() : ""));
        });
        return command;
    }

    private static void Require(string path, bool force)
    {
        OutputFile.Require("--out", path);
        if (File.Exists(path) && !force) throw new BadInputException($"--out {path}: is there already; give another path, or replace it with --force.");
    }
}
