using FlowRL.Models.Attention;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>down(activation(gate(x)) · up(x)).</summary>
internal sealed class GatedFeedForward(LayerLayout layout, LayerWeights weights) : IFeedForward
{
    private readonly InputProducts _products = weights.Products(layout[Projection.GateProj], layout[Projection.UpProj]);
    private readonly Linear _down = weights.Product(layout[Projection.DownProj]);
    private readonly GateActivation _gate = weights.Config.Gate;

    public Tensor Apply(Tensor x, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var projected = _products.Apply(x);
        return _down.Apply(Gate.Apply(_gate, projected[0], projected[1])).MoveToOuterDisposeScope();
    }
}
