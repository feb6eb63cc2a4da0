namespace FlowRL.Lab.Comparison;

/// <summary>Everything that a run of a comparison is tested for.</summary>
/// <param name="Best">Its best checkpoint.</param>
/// <param name="Front">Its last checkpoint at each setting of the fronts, in their order; empty where none are asked for.</param>
public sealed record RunTests(TestedRun Best, IReadOnlyList<TestedRun> Front)
{
    /// <summary>The tests that a comparison asks of each run, by the name of their file: the best checkpoint's first.</summary>
    internal static IReadOnlyList<(string Name, CompareTestOptions Options, bool IsFront)> Asked(CompareTestOptions options) =>
        [(TestedRun.BestName, options with { Fronts = null }, false),
            .. options.Fronts is { } fronts ? fronts.Settings().Select(setting => ($"front-{setting.Name}", options.At(setting), true)) : []];

    /// <summary>Reads what a run's folder holds; null where some of it is missing.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="damaged">Told of each damaged file.</param>
    public static RunTests? Read(string folder, CompareTestOptions options, Action<string>? damaged = null) =>
        From([.. Asked(options).Select(asked => TestedRun.Read(folder, asked.Options, damaged, asked.Name))]);

    /// <summary>The tests in the order of <see cref="Asked"/>; null where one is missing.</summary>
    internal static RunTests? From(IReadOnlyList<TestedRun?> tests) =>
        tests.Contains(null) ? null : new RunTests(tests[0]!, [.. tests.Skip(1).Select(test => test!)]);
}
