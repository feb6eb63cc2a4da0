using System.Text.Json.Serialization;

namespace FlowRL.Lab.Benchmarking;

/// <summary>One measurement: how fast, against what, with how much memory, and where time and memory go.</summary>
public sealed record Measured
{
    /// <summary>New tokens for sampling, all tokens for training and scoring.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Of the rate that the ceilings allow; <see cref="Roofline"/> says how it is counted.</summary>
    public double RooflineFraction { get; init; }

    /// <summary>Against the plain tensor loop in the same run, turn by turn; null where that was not run.</summary>
    public double? SpeedupOverTensor { get; init; }

    /// <summary>The most memory resident while it ran, the runtime and its libraries included.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>The share of a training step's time that is lost where responses have 10 to 72 tokens instead of equally many; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PaddingShare { get; init; }

    /// <summary>Of a training step with products of BF16 in its backward pass; null where the processor has no instructions for them, and for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ShortGradientsSpeedup { get; init; }

    /// <summary>The median of <see cref="Runs"/>.</summary>
    public required double Seconds { get; init; }

    /// <summary>The part of <see cref="Seconds"/> that the roofline is of: of sampling, what packing and prompts leave.</summary>
    public double RooflineSeconds
    {
        get => field > 0 ? field : Seconds;
        init;
    }

    /// <summary>Seconds of each repetition.</summary>
    public required IReadOnlyList<double> Runs { get; init; }

    /// <summary>Where the time goes: seconds of a mean run by part.</summary>
    public required IReadOnlyDictionary<string, double> Time { get; init; }

    /// <summary>Bytes of the peak by owner.</summary>
    public required IReadOnlyDictionary<string, long> Memory { get; init; }

    /// <summary>The formula of the roofline in words and numbers.</summary>
    public string Roofline { get; init; } = "";
}
