using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Data;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Verifiers.Code;
using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl verify</c>: scores answers that exist already, without a model.</summary>
internal static class VerifyCommand
{
    /// <summary>Scores rows: where scored lines go, who is told of damaged ones.</summary>
    private delegate T Scorer<T>(IEnumerable<DataRow> rows, Action<string> write, Action<string, string> damaged, CancellationToken cancellation);

    public static Command Create(CommandRunner runner) =>
        new("verify", "Score answers that exist already.") { Math(runner), Code(runner), RatingCommand.Create(runner) };

    private static Command Math(CommandRunner runner)
    {
        var lines = new LineOptions("gold and prediction (an answer) or response (a text that holds one)");
        var set = CommonOptions.Set<VerifyMathRecipe>("rules.percent=ratio");
        var command = lines.AddTo(new Command("math",
            "Compare final answers with the right ones; adds verdict (equal, different, undecided) and reason to each line.") { set });
        runner.Attach(command, (call, cancellation) => Task.Run(() =>
        {
            var recipe = OptionsFile.Parse<VerifyMathRecipe>("", "verify math", call.Get(set) ?? []);
            var clock = Stopwatch.StartNew();
            var (counts, damaged) = lines.Score(call, new AnswerFile(recipe.Extraction, recipe.Rules).Score, cancellation);
            Say(call, $"{counts.Equal} equal, {counts.Different} different, {counts.Undecided} undecided", damaged, counts.Accuracy, counts.Answers, clock);
            return CommandResult.Of(new { counts.Equal, counts.Different, counts.Undecided, damaged, counts.Accuracy }, "");
        }, cancellation), StopText.Verify);
        return command;
    }

    private static Command Code(CommandRunner runner)
    {
        var (lines, set) = (new LineOptions("program or response (a text that holds one), and tests"), CommonOptions.Set<CodeOptions>("time_limit=2"));
        var command = lines.AddTo(new Command("code",
            "Run programs against tests, each in a sandbox; adds verdict (passed, failed, error, timeout, memory, refused), passed, total and reason to " +
            "each line.") { set });
        var own = new OwnCode(command, recipes: false);
        runner.Attach(command, (call, cancellation) => Task.Run(() =>
        {
            using var verifier = new CodeVerifier(OptionsFile.Parse<CodeOptions>("", "verify code", call.Get(set) ?? [], own.Variants(call)));
            var clock = Stopwatch.StartNew();
            SpareThreads.Add(verifier.AtOnce); // which verdicts hold while they wait
            var (counts, damaged) = lines.Score(call, new CodeFile(verifier, verifier.AtOnce).Score, cancellation);
            Say(call, $"{counts.Passed} passed, {counts.Failed} failed, {counts.Error} error, {counts.Timeout} timeout, {counts.Memory} memory, " +
                $"{counts.Refused} refused", damaged, counts.Accuracy, counts.Programs, clock);
            return CommandResult.Of(
                new { counts.Passed, counts.Failed, counts.Error, counts.Timeout, counts.Memory, counts.Refused, damaged, counts.Accuracy }, "");
        }, cancellation), StopText.Verify);
        return command;
    }

    private static void Say(Invocation call, string counts, int damaged, double accuracy, int answers, Stopwatch clock)
    {
        if (call.Json) return;
        var left = damaged > 0 ? $", {damaged} damaged lines left out" : "";
        var rate = answers / clock.Elapsed.TotalSeconds;
        var share = answers == 0 ? "nothing to score" : string.Create(CultureInfo.InvariantCulture, $"{accuracy:P1} right, {rate:N0} a second");
        call.Host.Error.WriteLine($"{counts}{left}: {share}");
    }

    /// <summary>Where lines come from and go to.</summary>
    private sealed class LineOptions(string fields)
    {
        private readonly Argument<string> _file = new("file") { Description = $"JSON lines of {fields}; - reads standard input." };
        private readonly Option<string?> _target = new("--out")
        {
            Description = "Where the scored lines go; standard output when left out.",
            HelpName = "file",
        };

        private readonly Option<bool> _skip = new("--skip-damaged") { Description = "Leave damaged lines out and count them, instead of ending at the first." };

        public Command AddTo(Command command)
        {
            command.Add(_file);
            command.Add(_target);
            command.Add(_skip);
            return command;
        }

        public (T Result, int Damaged) Score<T>(Invocation call, Scorer<T> scorer, CancellationToken cancellation)
        {
            var damaged = 0;
            void Damaged(string place, string reason)
            {
                if (!call.Get(_skip)) throw new BadInputException($"{place}: {reason}; correct the line, or leave such lines out with --skip-damaged.");
                call.Host.Error.WriteLine($"{place}: {reason}; left out");
                Interlocked.Increment(ref damaged); // lines are read beside verdicts
            }
            var file = call.Get(_file)!;
            var rows = InputRows.Read(file, Damaged);
            var result = call.Get(_target) is { } target
                ? OutputFile.Write(target, writer => scorer(rows, writer.WriteLine, Damaged, cancellation))
                : scorer(rows, call.Host.Output.WriteLine, Damaged, cancellation);
            return (result, damaged);
        }
    }
}
