using FlowRL.Numerics;
using FlowRL.Numerics.Products;

namespace FlowRL.Decoding.Cpu;

/// <summary>The packed weights of one layer. Norms are borrowed, and null where the layer has none.</summary>
internal sealed unsafe class PackedLayer<S, V, W> : IDisposable
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    public required float* InputNorm { get; init; }

    public required AttentionLayer Attention { get; init; }

    public required PackedMatrix<S, V, W> QueryKeyValue { get; init; }

    public required PackedMatrix<S, V, W> Output { get; init; }

    public required float* AttentionOutputNorm { get; init; }

    public required float* PostNorm { get; init; }

    /// <summary>(E, D) chooses among <see cref="FeedForward"/>; null where there is one for all tokens.</summary>
    public required PackedMatrix<S, V, W>? Router { get; init; }

    /// <summary>One, or each expert's.</summary>
    public required PackedFeedForward<S, V, W>[] FeedForward { get; init; }

    public required float* FeedForwardOutputNorm { get; init; }

    /// <summary>What is read after attention.</summary>
    public PackedMatrix<S, V, W> AfterAttention => Router ?? FeedForward[0].GateUp;

    /// <summary>Memory held.</summary>
    public long Bytes => QueryKeyValue.Bytes + Output.Bytes + (Router?.Bytes ?? 0) + FeedForward.Sum(block => block.GateUp.Bytes + block.Down.Bytes);

    public void Dispose()
    {
        QueryKeyValue.Dispose();
        Output.Dispose();
        Router?.Dispose();
        foreach (var block in FeedForward)
        {
            block.GateUp.Dispose();
            block.Down.Dispose();
        }
    }
}

/// <summary>The two products of a feed-forward block.</summary>
/// <param name="GateUp">Gates and ups by half panels.</param>
/// <param name="Down">(D, F).</param>
internal sealed record PackedFeedForward<S, V, W>(PackedMatrix<S, V, W> GateUp, PackedMatrix<S, V, W> Down)
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage;
