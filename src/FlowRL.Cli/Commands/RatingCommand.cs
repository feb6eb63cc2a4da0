using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Cli.Rows;
using FlowRL.Data;
using FlowRL.Evaluation;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl verify rating</c>: what contest rating solved problems speak for.</summary>
internal static class RatingCommand
{
    public static Command Create(CommandRunner runner)
    {
        var file = new Argument<string>("file")
        {
            Description = "JSON lines of rating (the problem's) and verdict (passed, or anything else), as verify code writes them.",
        };
        var people = new Option<string?>("--people")
        {
            Description = "A JSON object of ratings and how many people have each, for the percentile.",
            HelpName = "file",
        };
        var command = new Command("rating", "Estimate a contest rating (CodeForces' scale) from attempts at problems of known ratings.") { file, people };
        runner.Attach(command, (call, cancellation) => Task.Run(() =>
        {
            var attempts = InputRows.ReadAll(call.Get(file)!).Select(Attempt).ToList();
            cancellation.ThrowIfCancellationRequested();
            if (attempts.Count == 0) throw new BadInputException($"{call.Get(file)}: there are no attempts in it.");
            var rating = ContestRating.Estimate(attempts);
            double? percentile = call.Get(people) is { } path ? ContestRating.Percentile(rating, People(path)) : null;
            var solved = attempts.Count(attempt => attempt.IsSolved);
            return CommandResult.Of(new { attempts = attempts.Count, solved, rating, percentile }, string.Create(CultureInfo.InvariantCulture,
                $"{solved} of {attempts.Count} attempts solved: a rating of about {rating:F0}" +
                $"{(percentile is { } share ? $", above {share:P1} of people" : "")}"));
        }, cancellation));
        return command;
    }

    private static (double Rating, bool IsSolved) Attempt(DataRow row)
    {
        if (row.Fields["rating"] is not JsonValue value || !value.TryGetValue<double>(out var rating))
            throw new BadInputException($"{row.Place}: no 'rating' that is a number; correct the line.");
        return row.Fields["verdict"] is JsonValue verdict && verdict.TryGetValue<string>(out var word) ? (rating, word == "passed")
            : throw new BadInputException($"{row.Place}: no 'verdict'; write one with 'flowrl verify code'.");
    }

    private static Dictionary<int, int> People(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{path}: is a folder; give a JSON file such as {{\"1500\": 12, \"1600\": 7}}.");
        if (!File.Exists(path)) throw new BadInputException($"{path}: there is no such file; give a JSON object such as {{\"1500\": 12, \"1600\": 7}}.");
        try
        {
            return JsonSerializer.Deserialize<Dictionary<int, int>>(File.ReadAllText(path)) ?? throw new JsonException();
        }
        catch (JsonException broken)
        {
            throw new BadInputException($"{path}: not a JSON object of ratings and counts, such as {{\"1500\": 12, \"1600\": 7}}.", broken);
        }
    }
}
