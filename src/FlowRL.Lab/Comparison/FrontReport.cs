using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>Everything about fronts in a comparison.</summary>
/// <param name="Points">By objective, and for <see cref="ComparisonPlan.BaseName"/>: a point a setting.</param>
/// <param name="Matched">At the points of the named objectives, what the others' fronts have.</param>
/// <param name="Areas">Of every other front over those of the named objectives.</param>
internal sealed record FrontReport(
    IReadOnlyDictionary<string, IReadOnlyList<FrontPoint>> Points, IReadOnlyList<MatchedPoint> Matched, IReadOnlyList<FrontArea> Areas)
{
    /// <param name="options">What was asked for.</param>
    /// <param name="objectives">Each objective's runs in the order of their seeds, the base model's one among them.</param>
    /// <param name="first">Which objective is matched where none is named.</param>
    public static FrontReport Of(
        CompareFrontOptions options, IReadOnlyList<(string Name, IReadOnlyList<RunTests> Runs)> objectives, string first)
    {
        var settings = options.Settings();
        var known = objectives.FirstOrDefault(objective => objective.Name == ComparisonPlan.BaseName).Runs is [{ } only] ? Known(only) : null;
        var fronts = objectives.Select(objective =>
            (objective.Name, Front: new ObjectiveFront(settings, [.. objective.Runs.Select(run => run.Front)]))).ToList();
        var points = new OrderedDictionary<string, IReadOnlyList<FrontPoint>>();
        foreach (var (name, front) in fronts)
        {
            var old = name == ComparisonPlan.BaseName ? null : known;
            points.Add(name, [.. settings.Select((setting, i) => Point(setting, [.. front.Runs.Select(run => run[i])], old))]);
        }
        var named = (options.Matched.Count == 0 ? [first] : options.Matched).Select(name => fronts.Single(front => front.Name == name)).ToList();
        return new FrontReport(points,
            [.. from of in named
                from setting in settings.Where(setting => setting is { Temperature: 1, TopP: 1 } || setting == FrontSetting.OfThePaper)
                from other in fronts
                where other.Name != of.Name
                select MatchedPoint.At(setting, of, other)],
            [.. from of in named from other in fronts where other.Name != of.Name select FrontArea.Of(other, of)])
        {
            Whole = fronts.ToDictionary(front => front.Name, front => front.Front),
        };
    }

    /// <summary>The area of one front over another, whether either was named or not.</summary>
    public FrontArea Area(string one, string other) => Areas.FirstOrDefault(area => area.Objective == one && area.Against == other)
        ?? FrontArea.Of((one, Whole[one]), (other, Whole[other]));

    private Dictionary<string, ObjectiveFront> Whole { get; init; } = [];

    private static FrontPoint Point(FrontSetting setting, IReadOnlyList<TestedRun> runs, List<IReadOnlySet<string>>? known)
    {
        var (n, ks) = (runs[0].Evaluation.Samples, runs[0].Evaluation.K);
        return FrontPoint.Of(setting, [.. runs.Select(run => run.Problems.Select(problem => problem.Counts(n)).ToList())],
            ks, ObjectiveFront.Seed) with
        {
            Entropy = runs.Average(run => run.Entropy) is var entropy && double.IsFinite(entropy) ? entropy : null,
            Novel = known is null || runs.Any(run => run.Problems.Any(problem => problem.Keys is null)) ? null
                : runs.Average(run => run.Problems.Select((problem, i) => Novelty.AtK(n, problem.Keys!.Zip(problem.Found), known[i], ks.Max())).Average()),
        };
    }

    // Whatever the base showed at any setting is known. Tests that are older than keys of solutions tell nothing of what is new.
    private static List<IReadOnlySet<string>>? Known(RunTests tests)
    {
        List<TestedRun> all = [tests.Best, .. tests.Front];
        return all.Any(test => test.Problems.Any(problem => problem.Keys is null)) ? null
            : [.. all[0].Problems.Select((_, i) => all.SelectMany(test => test.Problems[i].Keys!).ToHashSet())];
    }
}
