using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>A critic's head: one linear map from a hidden state to the value of continuing from there. Starts at zero.</summary>
internal sealed class ValueHead : IDisposable
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
        new Linear(Weights["value.weight"], Weights["value.bias"]).Apply(_options.DetachBackbone ? hidden.detach() : hidden).squeeze(1);

    public void Dispose() => Weights.Dispose();
}

/// <summary>How the critic, a linear head on the policy's hidden states, is trained.</summary>
public sealed record CriticOptions
{
    [Description("Stop the gradient of the value loss before it reaches the policy's hidden states.")]
    public bool DetachBackbone { get; init; }

    [Description("Learning rate of the value head as a multiple of the policy's.")]
    [Range(0.0, 10000.0)]
    public double LearningRateFactor { get; init; } = 10;
}
