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
            .. options.Fronts is { } fronts ? fronts.Settings().Select(setting => new AskedTest($"{prefix}front-{setting.Name}", options.At(setting), IsFront: true)) : []];
    }

    /// <summary>Of every test, in their order.</summary>
    internal IReadOnlyList<AskedTest> Asked() => [.. All.SelectMany(test => Asked(test.Name, test.Options))];
}

/// <summary>One file of tests.</summary>
/// <param name="Name">The file's, without its ending.</param>
/// <param name="Options">What is asked for.</param>
/// <param name="IsFront">Whether it is of the last checkpoint, as a point of a front, rather than of the best.</param>
internal sealed record AskedTest(string Name, CompareTestOptions Options, bool IsFront);
