using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Models.Functions;

/// <summary>
/// The backward pass of a function, and the end of what it holds. Handles that we are given or make belong to the dispose scope around the whole backward
/// pass of a step; left to it, all activations and gradients of all layers would stay until the step's end.
/// </summary>
internal sealed class BackwardPass : IDisposable
{
    [ThreadStatic]
    private static List<Tensor>? _before;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _noGradient = no_grad();
    private readonly Tensor _given;

    /// <param name="context">Of the function.</param>
    /// <param name="gradient">Of what it gave; released with this.</param>
    public BackwardPass(autograd.AutogradContext context, Tensor gradient)
    {
        Saved = context.get_saved_variables();
        (_given, Gradient) = (gradient, gradient.contiguous());
    }

    /// <summary>What forward has saved; valid until this ends.</summary>
    public IReadOnlyList<Tensor> Saved { get; }

    /// <summary>Of what the function gave, contiguous.</summary>
    public Tensor Gradient { get; }

    /// <summary>
    /// What the function's backward pass is to return at once. Our handles are of no use once the library has taken gradients over: they are released when
    /// the next ones are given.
    /// </summary>
    /// <param name="gradients">One an input, null for none; made since this began.</param>
    public List<Tensor> Give(params List<Tensor> gradients)
    {
        _before?.ForEach(gradient => gradient.Dispose());
        _before = [.. gradients.Where(gradient => gradient is not null)];
        foreach (var gradient in _before) _scope.MoveToOuter(gradient);
        return gradients;
    }

    public void Dispose()
    {
        _noGradient.Dispose();
        _scope.Dispose();
        _given.Dispose();
    }
}
