using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FlowRL.Data;
using FlowRL.Recipes;
using FlowRL.Rewards.Mathematics;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl verify</c>: scores answers that exist already, without a model.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandRunner runner) => new("verify", "Score answers that exist already.") { Math(runner) };

    private static Command Math(CommandRunner runner)
    {
        var file = new Argument<string>("file") { Description = "JSON lines of gold and prediction (an answer) or response (a text that holds one); - reads standard input." };
        var target = new Option<string?>("--out") { Description = "Where the scored lines go; standard output when left out.", HelpName = "file" };
        var skip = new Option<bool>("--skip-damaged") { Description = "Leave damaged lines out and count them, instead of ending at the first." };
        var set = CommonOptions.Set();
        var command = new Command("math", "Compare final answers with the right ones; adds verdict (equal, different, undecided) and reason to each line.")
        {
            file, target, skip, set,
        };
        runner.Attach(command, (call, cancellation) => Task.Run(() =>
        {
            var recipe = RecipeFile.Parse<VerifyMathRecipe>("", "verify math", call.Get(set) ?? []);
            var clock = Stopwatch.StartNew();
            var damaged = 0;
            var counts = Score(call, call.Get(file)!, call.Get(target), recipe, (place, reason) =>
            {
                if (!call.Get(skip))
                    throw new BadInputException($"{place}: {reason}; correct the line, or leave such lines out with --skip-damaged.");
                call.Host.Error.WriteLine($"{place}: {reason}; left out");
                damaged++;
            }, cancellation);
            var rate = counts.Answers / clock.Elapsed.TotalSeconds;
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{counts.Equal} equal, {counts.Different} different, {counts.Undecided} undecided" +
                $"{(damaged > 0 ? $", {damaged} damaged lines left out" : "")}: {counts.Accuracy:P1} right, {rate:N0} a second");
            if (!call.Json) call.Host.Error.WriteLine(text);
            return CommandResult.Of(new { counts.Equal, counts.Different, counts.Undecided, damaged, counts.Accuracy }, "");
        }, cancellation));
        return command;
    }

    private static AnswerCounts Score(
        Invocation call, string file, string? target, VerifyMathRecipe recipe, Action<string, string> damaged, CancellationToken cancellation)
    {
        var answers = new AnswerFile(recipe.Extraction, recipe.Rules);
        var rows = file == "-" ? DataReader.ReadLines(Console.OpenStandardInput(), "-", damaged) : DataReader.Read(file, damaged);
        if (target is null) return answers.Score(rows, call.Host.Output.WriteLine, damaged, cancellation);
        return OutputFile.Write(target, writer => answers.Score(rows, writer.WriteLine, damaged, cancellation));
    }
}
