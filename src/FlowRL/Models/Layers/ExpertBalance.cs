using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Layers;

/// <summary>
/// How evenly the experts of a pass are used: E · Σ f P with f the share of tokens that chose an expert (they choose K, so that Σ f = K) and P the mean
/// probability that the router gave it, both over all tokens and all layers with experts (arXiv 2101.03961, equations 4 to 6, as transformers takes it
/// over layers). Balance gives K.
/// </summary>
/// <remarks>
/// The gradient reaches the routers in backward by itself, so that it needs no other way through the layers than the main loss's, recomputed layers included:
/// ∂/∂p = coefficient · E · f / (layers · N) for every probability p. Owns its tensors.
/// </remarks>
internal sealed class ExpertBalance : IDisposable
{
    private readonly SortedDictionary<int, (Tensor Counts, Tensor Sums)> _layers = []; // (E) each
    private readonly double _coefficient;
    private long _tokens;

    /// <param name="coefficient">What the loss is multiplied by where its gradient is added.</param>
    public ExpertBalance(double coefficient) => _coefficient = coefficient;

    /// <summary>The loss, without its coefficient; 0 where no layer had experts.</summary>
    public double Value
    {
        get
        {
            if (_layers.Count == 0) return 0;
            using var scope = NewDisposeScope();
            var (shares, means) = (Mean(layer => layer.Counts), Mean(layer => layer.Sums));
            return (shares * means).sum().item<float>() * shares.shape[0];
        }
    }

    /// <summary>The loss by its coefficient.</summary>
    public double Loss => _coefficient * Value;

    /// <summary>Lets the gradient into the probabilities (N, E) of a layer.</summary>
    public Tensor Watch(Tensor probabilities) => probabilities.requires_grad ? BalanceGradient.Apply(probabilities, this) : probabilities;

    /// <summary>Counts a layer's choices (N, K); once, where it is computed again.</summary>
    public void Count(int layer, Tensor probabilities, Tensor chosen)
    {
        if (_layers.ContainsKey(layer)) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ones = full([chosen.numel()], Scalars.Of(1.0), ScalarType.Float32, chosen.device);
        var counts = zeros(probabilities.shape[1], device: chosen.device).index_add(0, chosen.flatten(), ones, Scalars.Of(1L));
        _layers.Add(layer, (counts.DetachFromDisposeScope(), probabilities.detach().sum([0L]).DetachFromDisposeScope()));
        _tokens = probabilities.shape[0];
    }

    /// <summary>(E) what is added to the gradient of each token's probabilities.</summary>
    public Tensor Gradient()
    {
        var shares = Mean(layer => layer.Counts);
        return shares * Scalars.Of(_coefficient * shares.shape[0] / (_layers.Count * (double)_tokens));
    }

    public void Dispose()
    {
        foreach (var (counts, sums) in _layers.Values)
        {
            counts.Dispose();
            sums.Dispose();
        }
        _layers.Clear();
    }

    private Tensor Mean(Func<(Tensor Counts, Tensor Sums), Tensor> of) =>
        _layers.Values.Select(of).Aggregate((sum, more) => sum.Plus(more)) / Scalars.Of(_layers.Count * (double)_tokens);
}

/// <summary>Probabilities as they are, whose gradient gets that of <see cref="ExpertBalance"/> added.</summary>
internal sealed class BalanceGradient : autograd.SingleTensorFunction<BalanceGradient>
{
    public override string Name => nameof(BalanceGradient);

    /// <param name="probabilities">(N, E).</param>
    /// <param name="balance">Must live until backward is done.</param>
    public static Tensor Apply(Tensor probabilities, ExpertBalance balance) => apply(probabilities, balance);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data("balance", (ExpertBalance)vars[1]);
        return ((Tensor)vars[0]).clone();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return [grad_output.Plus(((ExpertBalance)ctx.get_data("balance")).Gradient()).MoveToOuterDisposeScope(), null!];
    }
}
