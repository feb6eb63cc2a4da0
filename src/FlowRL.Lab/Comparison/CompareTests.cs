using System.Collections.ObjectModel;

namespace FlowRL.Lab.Comparison;

/// <summary>Everything that each run of a comparison is tested for.</summary>
public sealed record CompareTests
{
    /// <summary>The comparison's own test.</summary>
    public CompareTestOptions Evaluation { get; init; } = new();

    /// <summary>More tests by name.</summary>
    public IReadOnlyDictionary<string, CompareTestOptions> Further { get; init; } = ReadOnlyDictionary<string, CompareTestOptions>.Empty;

    /// <summary>The comparison's own test, whose name is empty, then the further ones.</summary>
    internal IEnumerable<(string Name, CompareTestOptions Options)> All => Further.Select(pair => (pair.Key, pair.Value)).Prepend(("", Evaluation));

    /// <summary>
    /// What a run's folder has a file of for a test: the best checkpoint's, then the last one's at each setting of a front.
    /// </summary>
    /// <param name="name">The test's; empty for the comparison's own.</param>
    /// <param name="options">The test.</param>
    internal static IReadOnlyList<AskedTest> Asked(string name, CompareTestOptions options)
    {
        var prefix = name == "" ? "" : $"further-{name}-";
        return [new($"{prefix}{TestedRun.BestName}", options with { Fronts = null }, IsFront: false),
            .. options.Fronts is not { } fronts ? []
                : fronts.Settings().Select(setting => new AskedTest($"{prefix}front-{setting.Name}", options.At(setting), IsFront: true))];
    }

    /// <summary>Of every test, in their order.</summary>
    internal IReadOnlyList<AskedTest> Asked() => [.. All.SelectMany(test => Asked(test.Name, test.Options))];
}

/// <summary>One file of tests.</summary>
/// <param name="Name">The file's, without its ending.</param>
/// <param name="Options">What is asked for.</param>
/// <param name="IsFront">Whether it is of the last checkpoint, as a point of a front, rather than of the best.</param>
internal sealed record AskedTest(string Name, CompareTestOptions Options, bool IsFront);

/// <summary>What a run of a comparison was found to be in its tests.</summary>
/// <param name="Best">Its best checkpoint.</param>
/// <param name="Front">Its last checkpoint at each setting of the fronts, in their order; empty where none are asked for.</param>
public sealed record RunTests(TestedRun Best, IReadOnlyList<TestedRun> Front)
{
    /// <summary>The same of each further test, by name.</summary>
    public IReadOnlyDictionary<string, RunTests> Further { get; init; } = ReadOnlyDictionary<string, RunTests>.Empty;

    /// <summary>All of them, in the order of <see cref="CompareTests.Asked()"/>.</summary>
    internal IEnumerable<TestedRun> All => [Best, .. Front, .. Further.Values.SelectMany(tests => tests.All)];

    /// <summary>Reads what a run's folder holds; null where some of it is missing.</summary>
    /// <param name="folder">The run's.</param>
    /// <param name="tests">What is asked for.</param>
    /// <param name="damaged">Told of each damaged file.</param>
    public static RunTests? Read(string folder, CompareTests tests, Action<string>? damaged = null) =>
        From(tests, [.. tests.Asked().Select(asked => TestedRun.Read(folder, asked.Options, damaged, asked.Name))]);

    /// <summary>The tests in the order of <see cref="CompareTests.Asked()"/>; null where one is missing.</summary>
    internal static RunTests? From(CompareTests tests, IReadOnlyList<TestedRun?> tested)
    {
        if (tested.Contains(null)) return null;
        var (sets, next) = (new Dictionary<string, RunTests>(), 0);
        foreach (var (name, options) in tests.All)
        {
            var count = CompareTests.Asked(name, options).Count;
            sets.Add(name, new RunTests(tested[next]!, [.. tested.Skip(next + 1).Take(count - 1).Select(test => test!)]));
            next += count;
        }
        return sets[""] with { Further = sets.Where(pair => pair.Key != "").ToDictionary() };
    }
}
