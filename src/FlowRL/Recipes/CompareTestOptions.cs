using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Recipes;

/// <summary>The measurement on test problems.</summary>
public sealed record CompareTestOptions : IValidated
{
    [Description("Test problems; the first that have enough solutions.")]
    [Range(1, 1 << 24)]
    public int Problems { get; init; } = 1000;

    [Description("Only test problems with at least this many different solutions; 0 takes all.")]
    [Range(0, 1 << 20)]
    public int MinimumSolutions { get; init; }

    [Description("Samples a problem.")]
    [Range(1, 4096)]
    public int Samples { get; init; } = 128;

    [Description("The k of pass@k, each at most the number of samples. Different solutions are counted in the largest.")]
    public IReadOnlyList<int> K { get; init; } = [1, 2, 4, 8, 16, 32, 64];

    [Description("Temperature of the samples.")]
    [Range(0.01, 10.0)]
    public double Temperature { get; init; } = 1;

    public IEnumerable<string> Validate()
    {
        if (K.Count == 0) yield return "k: is empty; give at least one, such as [1, 64].";
        foreach (var k in K.Where(k => k < 1 || k > Samples))
            yield return $"k: pass@{k} cannot be estimated from {Samples} samples; use numbers from 1 to {Samples}.";
        if (K.Distinct().Count() < K.Count) yield return "k: one stands twice; give different ones.";
    }

    /// <summary>Whether two ask for the same.</summary>
    internal bool Asks(CompareTestOptions other) => (this with { K = other.K }) == other && K.Order().SequenceEqual(other.K.Order());
}
