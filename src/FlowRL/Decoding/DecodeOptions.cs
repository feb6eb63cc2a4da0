using System.ComponentModel;

namespace FlowRL.Decoding;

/// <summary>How tokens are computed while sampling.</summary>
public sealed record DecodeOptions
{
    [Description("cpu and auto: vector kernels where the model is on the CPU and they know its parts, else tensor operations, which the run says; " +
        "tensor: tensor operations, on any device.")]
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    [Description("Type of the weights while sampling, on the CPU engine: float32 is exact, bfloat16 is faster where one or a few sequences " +
        "of a large model are sampled, and the trainer then scores the samples again.")]
    public DecodeType Weights { get; init; } = DecodeType.Float32;

    [Description("Type of the key-value cache, on the CPU engine: bfloat16 takes half the memory and is not exact.")]
    public DecodeType Cache { get; init; } = DecodeType.Float32;

    /// <summary>Whether sampler and trainer compute the same numbers but for fp32 rounding.</summary>
    public bool IsExact => Weights == DecodeType.Float32 && Cache == DecodeType.Float32;
}

/// <summary>Number type of weights or cache while sampling.</summary>
public enum DecodeType
{
    /// <summary>The trainer's own numbers.</summary>
    Float32,

    /// <summary>Half the memory; sums stay in fp32.</summary>
    Bfloat16,
}

/// <summary>What computes tokens while sampling.</summary>
public enum EngineKind
{
    /// <summary>Vector kernels where the model is on the CPU and they know its parts, else tensor operations.</summary>
    Auto,

    /// <summary>The same; that a model is not on the CPU is said too.</summary>
    Cpu,

    /// <summary>Tensor operations, on any device.</summary>
    Tensor,
}
