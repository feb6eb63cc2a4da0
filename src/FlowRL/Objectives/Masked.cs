using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// Sums and means over the trained tokens of each response. B responses, T tokens. Values at masked positions are replaced, not
/// multiplied by zero, so that even NaN there changes neither the result nor the gradient. Results belong to the current scope.
/// </summary>
internal static class Masked
{
    /// <summary>(B, T) values with zeros where the mask is 0, so that whatever stood there has neither value nor gradient.</summary>
    public static Tensor Fill(Tensor values, Tensor mask) => values.masked_fill(mask == Scalars.Of(0), Scalars.Of(0));

    /// <summary>(B, T) values, (B, T) mask -> (B) sums; 0 for a response without trained tokens.</summary>
    public static Tensor Sum(Tensor values, Tensor mask) => Fill(values, mask).sum(-1);

    /// <summary>(B, T) values, (B, T) mask -> (B) means; 0 for a response without trained tokens.</summary>
    public static Tensor Mean(Tensor values, Tensor mask) => Sum(values, mask) / Length(mask).clamp_min(Scalars.Of(1L)).to(values.dtype);

    /// <summary>(B, T) mask -> (B) trained tokens, the |y| of the equations.</summary>
    public static Tensor Length(Tensor mask) => (mask != Scalars.Of(0)).sum(-1);
}
