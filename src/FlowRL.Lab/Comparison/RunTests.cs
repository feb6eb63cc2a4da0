using System.Collections.ObjectModel;

namespace FlowRL.Lab.Comparison;

/// <summary>Everything that a run of a comparison is tested for.</summary>
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
