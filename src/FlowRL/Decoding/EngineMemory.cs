using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Numerics;
using TorchSharp;

namespace FlowRL.Decoding;

/// <summary>Bytes that engines will hold, from a model's shape alone: what <see cref="IMeasuredEngine"/> says once they are open.</summary>
/// <param name="config">The model's shape.</param>
/// <param name="device">Where it lies.</param>
internal sealed class EngineMemory(DecoderConfig config, DeviceType device)
{
    private readonly int _lanes = device == DeviceType.CPU && CpuSupport.Obstacle(config) is null ? CpuSupport.Lanes(config) : 0;

    /// <summary>The packed copy of the weights; none where tensor operations compute.</summary>
    /// <param name="engine">The engine asked for.</param>
    /// <param name="isShort">Whether weights are packed in BF16.</param>
    public long Packed(EngineKind engine, bool isShort) => IsCpu(engine) ? Vectors.Run(new PackedSize(config, isShort), _lanes).Bytes : 0;

    /// <summary>Keys and values.</summary>
    /// <param name="options">The engine asked for.</param>
    /// <param name="slots">Sequences side by side.</param>
    /// <param name="prompts">Different prompts of theirs.</param>
    /// <param name="promptTokens">Of the longest prompt.</param>
    /// <param name="newTokens">Of every response, at most.</param>
    public long Cache(DecodeOptions options, int slots, int prompts, int promptTokens, int newTokens) => !IsCpu(options.Engine)
        ? KeyValueCache.Size(config, slots, promptTokens + newTokens)
        : PagePool.Size(Shape(options.Cache), newTokens, slots) + prompts * Shape(options.Cache).Size(promptTokens);

    /// <summary>Keys and values of <paramref name="tokens"/> tokens while they are scored; none where tensor operations compute.</summary>
    public long ScoringCache(int tokens) => IsCpu(EngineKind.Auto) ? Shape(DecodeType.Float32).Size(tokens) : 0;

    private bool IsCpu(EngineKind engine) => engine != EngineKind.Tensor && _lanes > 0;

    private CacheShape Shape(DecodeType type) => type == DecodeType.Bfloat16
        ? CacheShape.Of<BFloat16Storage>(config, HeadLayout.Of(config)) : CacheShape.Of<Float32Storage>(config, HeadLayout.Of(config));

    private struct PackedSize(DecoderConfig config, bool isShort) : IVectorKernel
    {
        public long Bytes { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct =>
            Bytes = isShort ? PackedDecoder<S, V, BFloat16Storage>.Size(config) : PackedDecoder<S, V, Float32Storage>.Size(config);
    }
}
