using System.Text.Json.Serialization;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What was measured of one model.</summary>
public sealed record ShapeReport
{
    public required long Parameters { get; init; }

    /// <summary>The machine's, measured before and after; the better ones.</summary>
    public required Ceilings Ceilings { get; init; }

    public required Measured Decode { get; init; }

    /// <summary>One sequence alone; null where that was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Measured? DecodeOne { get; init; }

    /// <summary>Log-probabilities under the reference of a recipe; null for the named shapes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Measured? Reference { get; init; }

    public required Measured Train { get; init; }

    /// <summary>What there is, by name.</summary>
    public IEnumerable<(string Name, Measured Measured)> Parts()
    {
        if (DecodeOne is not null) yield return ("decode one", DecodeOne);
        yield return ("decode", Decode);
        if (Reference is not null) yield return ("reference", Reference);
        yield return ("train", Train);
    }
}
