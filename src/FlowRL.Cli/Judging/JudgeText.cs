using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Evaluation;
using FlowRL.Lab.Judging;

namespace FlowRL.Cli.Judging;

/// <summary>A judge's verdicts for people, and a problem's as a line.</summary>
internal static class JudgeText
{
    public static string Of(JudgeReport report, string cache)
    {
        var lines = new List<string>
        {
            Write($"judge {report.Model}: {report.Problems:N0} problems, {report.Responses:N0} right answers, {report.Texts:N0} different texts"),
        };
        if (report.Classes is { } classes) lines.Add($"classes a problem: {Number(classes)}");
        if (report.Compared is { } compared) lines.AddRange(Lines(compared));
        else if (report.Classes is not null) lines.Add("no exact classes to hold it against");
        if (report.Rating is { } rating)
        {
            lines.Add(Write($"rating from 1 to 5: {Number(rating)}, {report.Rated:N0} problems") + (report.RatingCorrelation is { } correlation
                ? $"; rank correlation with the number of exact classes {Number(correlation)}" : ""));
        }
        lines.Add(Write($"undecided: {report.UndecidedQuestions:N0} questions, {report.UndecidedTexts:N0} texts in no class"));
        lines.Add(Write($"{report.Calls:N0} calls, {report.Cached:N0} answers known before; kept in {cache}"));
        return string.Join('\n', lines);
    }

    /// <summary>A problem's answers with their classes, so that people can judge the judge.</summary>
    public static string Line(JudgeVerdict verdict) => CommandResult.Line(new JsonObject
    {
        ["id"] = verdict.Problem.Id,
        ["prompt"] = verdict.Problem.Text,
        ["rating"] = verdict.Rating,
        ["responses"] = new JsonArray([.. verdict.Problem.Different.Select((response, index) => (JsonNode)new JsonObject
        {
            ["response"] = response.Text,
            ["solution"] = response.Solution,
            ["class"] = verdict.Classes?[index],
        })]),
    });

    private static IEnumerable<string> Lines(JudgeAgreement compared)
    {
        yield return Write($"over {compared.Problems:N0} problems with exact classes: {Number(compared.JudgeClasses)} by the judge, ") +
            $"{Number(compared.ExactClasses)} exact";
        if (compared.Agreement is not { } agreement)
        {
            yield return "no pairs of different texts to agree on";
            yield break;
        }
        yield return Write($"agreement over {compared.Pairs:N0} pairs: {Number(agreement)}, kappa {Number(compared.Kappa)}");
        yield return $"same: of the judge's {Number(compared.Precision)} are (precision), of those that are it finds {Number(compared.Recall)} (recall)";
    }

    private static string Number(Estimate number) => Write($"{number.Value:F2} ({number.Low:F2} to {number.High:F2})");

    private static string Number(JudgeNumber? number) => number is null ? "-" : number.Low is null ? Write($"{number.Value:F3}")
        : Write($"{number.Value:F3} ({number.Low:F3} to {number.High:F3})");

    private static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
