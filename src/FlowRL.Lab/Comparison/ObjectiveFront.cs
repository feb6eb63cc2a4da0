using FlowRL.Evaluation;

namespace FlowRL.Lab.Comparison;

/// <summary>
/// One objective's front in every view that a statistic needs: of all problems and seeds, of each resample of the problems (the same resamples for every
/// objective, which makes differences paired), and of each seed.
/// </summary>
internal sealed class ObjectiveFront
{
    private readonly IReadOnlyList<FrontSetting> _settings;
    private readonly (double Accuracy, double Variety)[] _whole;
    private readonly (double Accuracy, double Variety)[][] _seeds;
    private readonly double[][] _resampled;

    /// <param name="settings">Of the sampling, temperatures in order.</param>
    /// <param name="runs">A run a seed; of each a test a setting.</param>
    public ObjectiveFront(IReadOnlyList<FrontSetting> settings, IReadOnlyList<IReadOnlyList<TestedRun>> runs)
    {
        _settings = settings;
        Runs = runs;
        var columns = settings.SelectMany((_, setting) => (double[][])
            [Column(setting, PassAt1), Column(setting, Distinct)]).ToArray();
        _whole = [.. settings.Select((_, i) => (columns[2 * i].Average(), columns[2 * i + 1].Average()))];
        _seeds = [.. runs.Select(run => run.Select(test => (test.Problems.Average(problem => PassAt1(test, problem)),
            test.Problems.Average(problem => Distinct(test, problem)))).ToArray())];
        _resampled = Bootstrap.Resampled(columns, Seed);
    }

    /// <summary>Of the bootstrap: the comparison's own, so that equal tests give equal intervals.</summary>
    public static ulong Seed => Seeds.Derive(0, "compare");

    public IReadOnlyList<IReadOnlyList<TestedRun>> Runs { get; }

    public int SeedCount => _seeds.Length;

    public View Whole => new(_settings, _whole);

    public View OfSeed(int seed) => new(_settings, _seeds[seed]);

    public View OfResample(int resample) =>
        new(_settings, [.. _settings.Select((_, i) => (_resampled[2 * i][resample], _resampled[2 * i + 1][resample]))]);

    /// <summary>A number of two objectives, in all views.</summary>
    public static PairedStatistic? Compare(ObjectiveFront one, ObjectiveFront other, Func<View, View, double?> number) => PairedStatistic.Of(
        number(one.Whole, other.Whole),
        Enumerable.Range(0, Bootstrap.Resamples).AsParallel().AsOrdered().Select(i => number(one.OfResample(i), other.OfResample(i))),
        one.SeedCount == other.SeedCount ? Enumerable.Range(0, one.SeedCount).Select(i => number(one.OfSeed(i), other.OfSeed(i))) : []);

    private double[] Column(int setting, Func<TestedRun, TestedProblem, double> value) => [.. Enumerable.Range(0, Runs[0][setting].Problems.Count)
        .Select(problem => Runs.Average(run => value(run[setting], run[setting].Problems[problem])))];

    private static double PassAt1(TestedRun test, TestedProblem problem) => problem.PassAtK(test.Evaluation.Samples, 1);

    private static double Distinct(TestedRun test, TestedProblem problem) => problem.DistinctAtK(test.Evaluation.Samples, test.Evaluation.K.Max());

    /// <summary>Points by setting, and the curve through those of the temperatures.</summary>
    public sealed class View(IReadOnlyList<FrontSetting> settings, IReadOnlyList<(double Accuracy, double Variety)> points)
    {
        public Front Curve { get; } = new([.. points.Where((_, i) => settings[i].IsOfTheCurve)]);

        public (double Accuracy, double Variety) At(FrontSetting setting) => points[settings.Index().First(pair => pair.Item == setting).Index];
    }
}
