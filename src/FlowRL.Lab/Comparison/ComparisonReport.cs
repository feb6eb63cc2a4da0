using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Files;

namespace FlowRL.Lab.Comparison;

/// <summary>The result of a comparison, as <c>comparison.json</c> holds it.</summary>
/// <param name="First">The objective that the differences are taken from.</param>
/// <param name="Problems">Test problems.</param>
/// <param name="Samples">Samples a test problem.</param>
/// <param name="Temperature">Their temperature.</param>
/// <param name="Objectives">Each objective by name, in the order of the recipe.</param>
public sealed record ComparisonReport(
    [property: JsonPropertyName("first")] string First,
    [property: JsonPropertyName("problems")] int Problems,
    [property: JsonPropertyName("samples")] int Samples,
    [property: JsonPropertyName("temperature")] double Temperature,
    [property: JsonPropertyName("objectives")] IReadOnlyDictionary<string, ComparedObjective> Objectives)
{
    /// <summary>Puts the tested runs of a plan together, in any order.</summary>
    /// <exception cref="BadInputException">They were tested on different problems.</exception>
    public static ComparisonReport Of(IReadOnlyList<(PlannedRun Run, TestedRun Tested)> runs)
    {
        var solutions = runs[0].Tested.Problems.Select(problem => problem.Solutions).ToList();
        foreach (var (run, tested) in runs)
        {
            if (!tested.Problems.Select(problem => problem.Solutions).SequenceEqual(solutions))
                throw new BadInputException($"{run.Folder} was tested on other problems than {runs[0].Run.Folder}; delete its tested.json to test it again.");
        }
        var (name, evaluation) = (runs[0].Run.Objective, runs[0].Tested.Evaluation);
        var first = runs.Where(pair => pair.Run.Objective == name).Select(pair => pair.Tested).ToList();
        var objectives = new OrderedDictionary<string, ComparedObjective>();
        foreach (var group in runs.GroupBy(pair => pair.Run.Objective))
        {
            var difference = group.Key == name ? null
                : ComparisonDifference.Of([.. group.Select(pair => pair.Tested)], first, Seeds.Derive(0, "compare"));
            objectives.Add(group.Key, ComparedObjective.Of([.. group.Select(pair => ComparedSeed.Of(pair.Run, pair.Tested))], difference));
        }
        return new ComparisonReport(name, solutions.Count, evaluation.Samples, evaluation.Temperature, objectives);
    }
}

/// <summary>A comparison as the text of <c>comparison.json</c>.</summary>
public static class ComparisonJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonOutput.Options) { WriteIndented = true, NewLine = "\n" };

    public static string Text(ComparisonReport report) => JsonSerializer.Serialize(report, Indented) + "\n";
}
