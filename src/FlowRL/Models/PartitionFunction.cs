using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Models.Attention;
using FlowRL.Models.Functions;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>
/// log Z_φ(x): an MLP on the mean of the policy's last hidden states over the prompt (arXiv 2509.15207, section 3). Three linear layers
/// of the model's width with GELU, LayerNorm and dropout between them, the last one to a scalar.
/// </summary>
internal sealed class PartitionFunction : IDisposable
{
    private const float NormEpsilon = 1e-5f;
    private readonly PartitionOptions _options;

    public PartitionFunction(int width, PartitionOptions options, Device device, ulong seed)
    {
        _options = options;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(seed, device);
        for (var layer = 0; layer < 3; layer++)
        {
            var outputs = layer < 2 ? width : 1;
            // Weights start as those of PyTorch's Linear, uniform within 1/√inputs, and biases at zero.
            var bound = 1 / Math.Sqrt(width);
            Weights.Add($"layers.{layer}.weight", device, ScalarType.Float32, outputs, width)
                .copy_((rand([outputs, width], generator: generator, device: device) - Scalars.Of(0.5)) * Scalars.Of(2 * bound));
            Weights.Add($"layers.{layer}.bias", device, ScalarType.Float32, outputs).zero_();
            if (layer == 2) continue;
            Weights.Add($"norms.{layer}.weight", device, ScalarType.Float32, width).fill_(Scalars.Of(1));
            Weights.Add($"norms.{layer}.bias", device, ScalarType.Float32, width).zero_();
        }
        Weights.RequireGradient(true);
    }

    public WeightSet Weights { get; } = new();

    /// <summary>(B) log Z of each sequence of the pack, whose first <paramref name="promptLengths"/> tokens are its prompt.</summary>
    /// <param name="hidden">(N, D) hidden states of the pack.</param>
    /// <param name="pack">The sequences.</param>
    /// <param name="promptLengths">Prompt tokens of each sequence.</param>
    /// <param name="dropoutSeed">Seed of this call's dropout masks; null drops nothing.</param>
    public Tensor Evaluate(Tensor hidden, PackedSequences pack, IReadOnlyList<int> promptLengths, ulong? dropoutSeed)
    {
        using var scope = NewDisposeScope();
        using var generator = dropoutSeed is { } seed ? new Generator(seed, hidden.device) : null;
        var x = PromptMeans(_options.DetachBackbone ? hidden.detach() : hidden, pack, promptLengths);
        for (var layer = 0; layer < 2; layer++)
        {
            x = nn.functional.gelu(Layer(x, layer));
            x = Normalize(x, layer);
            if (_options.Dropout > 0 && generator is not null)
            {
                var kept = rand(x.shape, generator: generator, device: x.device).ge(Scalars.Of(_options.Dropout)).to_type(x.dtype);
                x = x * kept / Scalars.Of(1 - _options.Dropout);
            }
        }
        return Layer(x, 2).squeeze(1).MoveToOuterDisposeScope();
    }

    public void Dispose() => Weights.Dispose();

    private Tensor Layer(Tensor x, int layer) => new Linear(Weights[$"layers.{layer}.weight"], Weights[$"layers.{layer}.bias"]).Apply(x);

    /// <summary>LayerNorm (arXiv 1607.06450). The tensor library's own adds gradients of its weights in an order that depends on its threads.</summary>
    private Tensor Normalize(Tensor x, int layer)
    {
        var centred = x - x.mean([-1], keepdim: true);
        var normal = centred * centred.Squared().mean([-1], keepdim: true).add(Scalars.Of(NormEpsilon), Scalars.Of(1L)).rsqrt();
        return (normal * Weights[$"norms.{layer}.weight"]).Plus(Weights[$"norms.{layer}.bias"]);
    }

    /// <summary>(B, D): the mean of each prompt's hidden states; shared prompts once.</summary>
    private Tensor PromptMeans(Tensor hidden, PackedSequences pack, IReadOnlyList<int> promptLengths)
    {
        var prompts = Enumerable.Range(0, pack.Sequences)
            .Select(row => (Start: pack.Token(row, 0), Used: Math.Max(1, promptLengths[row] - (_options.ExcludeLastPromptToken ? 1 : 0)))).ToList();
        var places = new OrderedDictionary<(int Start, int Used), long>();
        foreach (var prompt in prompts) places.TryAdd(prompt, places.Count);
        var means = RangeMeans.Apply(hidden, [.. places.Keys]);
        return GatheredRows.Apply(means, tensor(prompts.Select(prompt => places[prompt]).ToArray(), device: hidden.device));
    }
}

/// <summary>The learned log partition function log Z_φ(x) and how it is trained.</summary>
public sealed record PartitionOptions
{
    [Description("Dropout between the layers of the log Z head; the authors use 0.1.")]
    [Range(0.0, 0.9)]
    public double Dropout { get; init; }

    [Description("Stop the gradient of log Z before it reaches the policy's hidden states.")]
    public bool DetachBackbone { get; init; }

    [Description("Leave the last prompt token out of the mean over prompt positions, as the authors' code does.")]
    public bool ExcludeLastPromptToken { get; init; }

    [Description("Learning rate of the log Z head as a multiple of the policy's; GFlowNet practice is about 100, the paper's is 1.")]
    [Range(0.0, 10000.0)]
    public double LearningRateFactor { get; init; } = 1;
}
