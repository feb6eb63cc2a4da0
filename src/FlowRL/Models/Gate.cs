using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>What the gate of a feed-forward block goes through before it multiplies.</summary>
public enum GateActivation
{
    /// <summary>x · sigmoid(x) (SwiGLU, arXiv 2002.05202).</summary>
    Silu,

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))): the approximation of gelu that families with GeGLU are trained with.</summary>
    GeluTanh,
}

/// <summary>activation(gate) · up.</summary>
internal static class Gate
{
    /// <param name="activation">Of the gate.</param>
    /// <param name="gate">(N, F) fp32.</param>
    /// <param name="up">(N, F) fp32.</param>
    public static Tensor Apply(GateActivation activation, Tensor gate, Tensor up) => activation switch
    {
        GateActivation.Silu => FusedGate.Fits(gate) ? FusedGate.Apply(gate, up) : nn.functional.silu(gate) * up,
        GateActivation.GeluTanh => GeluTanh(gate) * up,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Nothing here computes this gate."),
    };

    private static Tensor GeluTanh(Tensor x)
    {
        var bent = x.add(x * x * x, Scalars.Of(0.044715)).mul_(Scalars.Of(Math.Sqrt(2 / Math.PI))).tanh();
        return bent.add(Scalars.Of(1L), Scalars.Of(1L)) * x * Scalars.Of(0.5);
    }
}
