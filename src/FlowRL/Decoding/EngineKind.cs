namespace FlowRL.Decoding;

/// <summary>What computes tokens while sampling.</summary>
public enum EngineKind
{
    /// <summary>Vector kernels where the model is on the CPU and they apply, else tensor operations.</summary>
    Auto,

    /// <summary>Vector kernels on the CPU.</summary>
    Cpu,

    /// <summary>Tensor operations, on any device.</summary>
    Tensor,
}
