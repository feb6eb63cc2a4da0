using System.CommandLine;
using System.Globalization;
using FlowRL.Cli.Judging;
using FlowRL.Cli.Rows;
using FlowRL.Configuration;
using FlowRL.Lab.Judging;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl judge</c>: a language model's word on how different right answers are, held against exact classes.</summary>
internal static class JudgeCommand
{
    /// <summary>Pairs grow with the square of it.</summary>
    private const int MostSamples = 64;

    private const string Server = "server";

    public static Command Create(CommandRunner runner)
    {
        var file = new Argument<string>("responses")
        { Description = "Responses with verdicts: a file of 'flowrl eval --out', or tested.responses.jsonl.gz of a comparison's run." };
        var url = new Option<string>("--url")
        { Description = "Address of a server that speaks OpenAI's API, such as http://127.0.0.1:8000/v1.", Required = true };
        var model = new Option<string>("--model") { Description = "The judge's name on that server.", Required = true };
        var ask = new Option<string>("--ask")
        {
            Description = "pairs: whether two answers solve a problem in the same way, which makes classes; rating: one number from 1 to 5 a problem; or both.",
            DefaultValueFactory = _ => OptionNames.Of(nameof(JudgeAsked.Both)),
        };
        ask.AcceptOnlyFromAmong([.. OptionNames.Choices(typeof(JudgeAsked))]);
        var samples = CommonOptions.Whole("--samples", $"Right answers of a problem that are judged, the first so many; {MostSamples} at most.", 16, 1);
        samples.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() > MostSamples) result.AddError($"--samples: at most {MostSamples}, for pairs grow with the square of it.");
        });
        var problems = CommonOptions.Whole("--problems", "Problems that are judged, the first so many with a right answer.", 100, 1);
        var parallel = CommonOptions.Whole("--parallel", "Questions at once.", 4, 1);
        var temperature = new Option<string>("--temperature")
        { Description = $"Of the judge's answers; '{Server}' leaves it to the server, as some models demand.", DefaultValueFactory = _ => "0" };
        var tokens = CommonOptions.Whole("--max-new-tokens", "Tokens of an answer; a judge that thinks aloud needs more.", 512, 1);
        var cache = new Option<string?>("--cache")
        { Description = "Where its answers are kept, so that nothing is asked twice; beside the responses when left out.", HelpName = "file" };
        var target = new Option<string?>("--out")
        { Description = "Where classes and ratings go, one JSON object a problem; nowhere when left out.", HelpName = "file" };
        var command = new Command("judge",
            "Ask a language model how different the right answers of each problem are, and measure how far it agrees with exact classes. The key of its " +
            $"server is read from {ChatServer.KeyVariable}.") { file, url, model, ask, samples, problems, parallel, temperature, tokens, cache, target };
        runner.Attach(command, (call, cancellation) => Task.Run(async () =>
        {
            var server = ChatServer.Of(call.Get(url)!, Environment.GetEnvironmentVariable(ChatServer.KeyVariable), call.Host.Say);
            var options = new JudgeOptions
            {
                Model = call.Get(model)!,
                Temperature = Temperature(call.Get(temperature)!),
                MaxOutputTokens = call.Get(tokens),
                Failure = ChatServer.Failure,
            };
            var path = call.Get(file)!;
            var kept = call.Get(cache) ?? Beside(path);
            OutputFile.Require("--cache", kept);
            var judged = JudgedRows.Read(path, InputRows.ReadAll(path), call.Get(problems), call.Get(samples));
            using var written = call.Get(target) is { } place ? OutputFile.Begin(place) : null;
            using var answers = new JudgeCache(kept, call.Host.Say);
            using var client = server.Client(options.Model);
            var judge = new ChatJudge(client, options, answers, call.Host.Clock, call.Host.Say);
            var asked = (JudgeAsked)OptionNames.Choice(typeof(JudgeAsked), call.Get(ask)!);
            var progress = new JudgeProgress(call.Host, judge, judged, asked);
            var verdicts = await JudgeRun.RunAsync(judge, judged, asked, call.Get(parallel), progress.Done, cancellation);
            if (written is not null)
            {
                var lines = new SafeWriter(written.Writer);
                foreach (var verdict in verdicts) lines.WriteLine(JudgeText.Line(verdict));
                written.Commit();
            }
            var report = JudgeReport.Of(judge, verdicts);
            return CommandResult.Of(report, JudgeText.Of(report, kept));
        }, cancellation), StopText.Judge);
        return command;
    }

    private static float? Temperature(string text) => text == Server ? null
        : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 2 ? number
        : throw new BadInputException($"--temperature {text}: give a number from 0 to 2, or '{Server}'.");

    /// <summary>The cache's place where none is given.</summary>
    private static string Beside(string responses)
    {
        if (responses == InputRows.Standard) throw new BadInputException("--cache is missing: of standard input the judge's answers have no place beside it.");
        var name = responses.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? responses[..^3] : responses;
        return Path.ChangeExtension(name, ".judge.jsonl");
    }
}
