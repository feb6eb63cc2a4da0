using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>A critic's head: one linear map from a hidden state to the value of continuing from there. Starts at zero.</summary>
public sealed class ValueHead : IDisposable
{
    private readonly CriticOptions _options;

    public ValueHead(int width, CriticOptions options, Device device)
    {
        _options = options;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Weights.Add("value.weight", device, ScalarType.Float32, 1, width).zero_();
        Weights.Add("value.bias", device, ScalarType.Float32, 1).zero_();
        Weights.RequireGradient(true);
    }

    public WeightSet Weights { get; } = new();

    /// <summary>(M) values of hidden states (M, D).</summary>
    public Tensor Evaluate(Tensor hidden) =>
        nn.functional.linear(_options.DetachBackbone ? hidden.detach() : hidden, Weights["value.weight"], Weights["value.bias"]).squeeze(1);

    public void Dispose() => Weights.Dispose();
}
