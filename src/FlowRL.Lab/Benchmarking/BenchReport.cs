using System.Globalization;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What <c>flowrl bench</c> found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Shapes">By name of the shape, or of the recipe's run.</param>
public sealed record BenchReport(Machine Machine, IReadOnlyDictionary<string, ShapeReport> Shapes)
{
    private const double Unsteady = 1.25;

    /// <summary>Which numbers are rough, and why.</summary>
    public IEnumerable<string> Warnings()
    {
        foreach (var (name, shape) in Shapes)
        {
            foreach (var (part, measured) in shape.Parts())
            {
                var times = measured.Runs.Max() / measured.Runs.Min();
                if (times > Unsteady)
                {
                    yield return string.Create(CultureInfo.InvariantCulture,
                        $"{name}, {part}: the slowest run took {times:F1} times as long as the fastest; the machine is busy, and its numbers are rough.");
                }
            }
        }
    }
}

/// <summary>How carefully to measure.</summary>
/// <param name="Repeat">Timed repetitions; the median counts.</param>
/// <param name="WarmUpSeconds">Untimed repetitions before: code compiled just in time takes seconds to reach its speed.</param>
public sealed record BenchOptions(int Repeat = 3, double WarmUpSeconds = 3);
