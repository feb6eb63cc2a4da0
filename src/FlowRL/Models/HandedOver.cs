using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// Gradients that a function's backward pass gives to the tensor library. Our handle of one is of no use once the library has taken it over, but would keep
/// its memory until the scope around the whole backward pass ends: a gradient a layer and matrix. So it is released when the next ones are given.
/// </summary>
internal static class HandedOver
{
    [ThreadStatic]
    private static List<Tensor>? _before;

    /// <param name="gradients">One an input, null for none; made in the current dispose scope, to be returned by the caller at once.</param>
    public static List<Tensor> Of(List<Tensor> gradients)
    {
        _before?.ForEach(gradient => gradient.Dispose());
        _before = [.. gradients.Where(gradient => gradient is not null)];
        _before.ForEach(gradient => gradient.MoveToOuterDisposeScope());
        return gradients;
    }
}
