using FlowRL.Models.Attention;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// A router's choice of experts for each token, and the sum of what they give by its probabilities (arXiv 1701.06538). Legend: N tokens, D width, E experts, K
/// chosen of them, F the inner width of each.
/// </summary>
internal sealed class ExpertFeedForward : IFeedForward
{
    private readonly ExpertShape _shape;
    private readonly GateActivation _activation;
    private readonly int _layer;
    private readonly Linear _router;
    private readonly Func<Tensor, Tensor>[] _experts;

    public ExpertFeedForward(int layer, ExpertLayout layout, LayerWeights weights)
    {
        (_layer, _shape, _activation) = (layer, weights.Config.Experts!, weights.Config.Gate);
        _router = new Linear(weights.Of(layout.Router), layout.RouterBias is { } bias ? weights.Of(bias) : null);
        _experts = _shape.AreStacked ? Stacked(layout, weights) : [.. layout.Own.Select(expert => Own(expert, weights))];
    }

    public Tensor Apply(Tensor x, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var balance = attention.Balance;
        var probabilities = _router.Apply(x).softmax(-1); // (N, E)
        if (balance is not null) probabilities = balance.Watch(probabilities);
        var (shares, chosen) = probabilities.topk(_shape.Chosen, -1); // (N, K)
        if (_shape.Renormalises) shares = shares / shares.sum(-1, keepdim: true);
        balance?.Count(_layer, probabilities, chosen);
        var sum = zeros_like(x);
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            var places = (chosen == Scalars.Of((long)expert)).nonzero(); // which token has it, as which of its K
            if (places.shape[0] == 0) continue;
            var tokens = places.select(1, 0).contiguous();
            var share = shares.flatten().index_select(0, (tokens * Scalars.Of((long)_shape.Chosen)).Plus(places.select(1, 1))).unsqueeze(1);
            sum = sum.index_add(0, tokens, _experts[expert](x.index_select(0, tokens)) * share, Scalars.Of(1L));
        }
        return sum.MoveToOuterDisposeScope();
    }

    private Func<Tensor, Tensor> Own(OwnExpert expert, LayerWeights weights)
    {
        var (products, down) = (weights.Products(expert.Gate, expert.Up), weights.Product(expert.Down));
        return x =>
        {
            var projected = products.Apply(x);
            return down.Apply(Activate(projected[0], projected[1]));
        };
    }

    /// <summary>All experts in one tensor a matrix, inputs first.</summary>
    private Func<Tensor, Tensor>[] Stacked(ExpertLayout layout, LayerWeights weights)
    {
        var (gateUp, gateUpBias) = (weights.Of(layout.GateUp!), weights.Of(layout.GateUpBias!));
        var (down, downBias) = (weights.Of(layout.Down!), weights.Of(layout.DownBias!));
        return [.. Enumerable.Range(0, _shape.Count).Select(expert => (Func<Tensor, Tensor>)(x =>
        {
            var both = Product(x, gateUp, gateUpBias, expert).view(-1, _shape.Width, 2);
            return Product(Activate(both.select(2, 0).contiguous(), both.select(2, 1).contiguous()), down, downBias, expert);
        }))];
    }

    private static Tensor Product(Tensor x, Tensor matrices, Tensor biases, int expert) =>
        x.to_type(matrices.dtype).mm(matrices.select(0, expert)).to_type(x.dtype).Plus(biases.select(0, expert).to_type(x.dtype));

    private Tensor Activate(Tensor gate, Tensor up)
    {
        if (_shape.Clamp is not { } clamp) return Gate.Apply(_activation, gate, up);
        var (low, high) = (Scalars.Of(-clamp.Limit), Scalars.Of(clamp.Limit));
        var bounded = gate.clamp(max: high);
        return up.clamp(low, high).add(Scalars.Of(1L), Scalars.Of(1L)) * bounded * (bounded * Scalars.Of(clamp.Alpha)).sigmoid();
    }
}
