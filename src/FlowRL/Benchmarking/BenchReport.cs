using System.Globalization;

namespace FlowRL.Benchmarking;

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
