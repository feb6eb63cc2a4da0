using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Evaluation;
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
    /// <summary>Which problems: <c>test</c>, or <c>validation</c> where settings are chosen.</summary>
    [JsonPropertyName("split")]
    public string Split { get; init; } = "test";

    /// <summary>By objective, and for the base model: what its last checkpoints reach at each setting of the sampling; null where not asked for.</summary>
    [JsonPropertyName("fronts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<FrontPoint>>? Fronts { get; init; }

    /// <summary>What fronts have at the points of the named objectives.</summary>
    [JsonPropertyName("matched_points"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MatchedPoint>? MatchedPoints { get; init; }

    /// <summary>Areas over the fronts of the named objectives.</summary>
    [JsonPropertyName("front_areas"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FrontArea>? FrontAreas { get; init; }

    /// <summary>What became of the primary claims, by name; null where none was made.</summary>
    [JsonPropertyName("claims"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ComparisonClaim>? Claims { get; init; }

    /// <summary>The same of each further test, by name; null where none is asked for.</summary>
    [JsonPropertyName("further"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ComparisonReport>? Further { get; init; }

    /// <summary>This report, whose name is empty, and the further ones.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, ComparisonReport Report)> All => (Further ?? ReadOnlyDictionary<string, ComparisonReport>.Empty)
        .Select(pair => (pair.Key, pair.Value)).Prepend(("", this));

    /// <summary>Puts the tested runs of a plan together.</summary>
    /// <param name="runs">Objective by objective, seed by seed; the base model's where fronts are asked for.</param>
    /// <param name="recipe">What was asked for.</param>
    /// <exception cref="BadInputException">They were tested on different problems.</exception>
    public static ComparisonReport Of(IReadOnlyList<(PlannedRun Run, RunTests Tests)> runs, CompareRecipe recipe) =>
        Of(runs, recipe.Evaluation, recipe.Claims) with
        {
            Further = recipe.Further.Count == 0 ? null : recipe.Further.ToDictionary(pair => pair.Key, pair =>
                Of([.. runs.Select(run => (run.Run, run.Tests.Further[pair.Key]))], pair.Value, ReadOnlyDictionary<string, ClaimOptions>.Empty)),
        };

    private static ComparisonReport Of(
        IReadOnlyList<(PlannedRun Run, RunTests Tests)> runs, CompareTestOptions asked, IReadOnlyDictionary<string, ClaimOptions> claims)
    {
        var solutions = runs[0].Tests.Best.Problems.Select(problem => problem.Solutions).ToList();
        foreach (var (run, tests) in runs)
        {
            if (!tests.Front.Prepend(tests.Best).All(test => test.Problems.Select(problem => problem.Solutions).SequenceEqual(solutions)))
                throw new BadInputException($"{run.Folder} was tested on other problems than {runs[0].Run.Folder}; delete its tested.json to test it again.");
        }
        var groups = runs.GroupBy(pair => pair.Run.Objective).Select(group => (Name: group.Key, Runs: group.ToList())).ToList();
        var best = new OrderedDictionary<string, IReadOnlyList<TestedRun>>();
        foreach (var (name, own) in groups.Where(group => !group.Runs[0].Run.IsBase)) best.Add(name, [.. own.Select(pair => pair.Tests.Best)]);
        var (first, evaluation) = (groups[0].Name, runs[0].Tests.Best.Evaluation);
        var objectives = new OrderedDictionary<string, ComparedObjective>();
        foreach (var (name, own) in groups.Where(group => best.ContainsKey(group.Name)))
        {
            var difference = name == first ? null : ComparisonDifference.Of(best[name], best[first], ObjectiveFront.Seed);
            objectives.Add(name, ComparedObjective.Of([.. own.Select(pair => ComparedSeed.Of(pair.Run, pair.Tests.Best))], difference));
        }
        var fronts = asked.Fronts is { } options ? FrontReport.Of(options,
            [.. groups.Select(group => (group.Name, (IReadOnlyList<RunTests>)[.. group.Runs.Select(pair => pair.Tests)]))], first) : null;
        return new ComparisonReport(first, solutions.Count, evaluation.Samples, evaluation.Temperature, objectives)
        {
            Split = evaluation.SplitName,
            Fronts = fronts?.Points,
            MatchedPoints = fronts?.Matched,
            FrontAreas = fronts?.Areas,
            Claims = claims.Count == 0 ? null : ComparisonClaim.Of(claims, best, (one, other) => fronts!.Area(one, other)),
        };
    }
}

/// <summary>A comparison as the text of <c>comparison.json</c>.</summary>
public static class ComparisonJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonOutput.Options) { WriteIndented = true, NewLine = "\n" };

    public static string Text(ComparisonReport report) => JsonSerializer.Serialize(report, Indented) + "\n";
}
