namespace FlowRL.Benchmarking;

/// <summary>What <c>flowrl bench</c> found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Shapes">By name of the shape, or of the recipe's run.</param>
public sealed record BenchReport(Machine Machine, IReadOnlyDictionary<string, ShapeReport> Shapes);
