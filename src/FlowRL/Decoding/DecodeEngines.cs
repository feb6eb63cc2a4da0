using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using FlowRL.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Decoding;

/// <summary>Chooses the engine for a model.</summary>
public static class DecodeEngines
{
    /// <summary>The CPU engine where it is not excluded and can serve the model, else the tensor engine.</summary>
    public static IDecodeEngine Create(Decoder model, DecodeOptions options) =>
        options.Engine == EngineKind.Tensor || Obstacle(model) is not null ? new TensorEngine(model)
            : Vectors.Run(new EngineChoice(model, options), CpuSupport.Lanes(model.Config)).Engine!;

    /// <summary>Scoring with the kernels of the CPU engine; null where they cannot serve the model.</summary>
    public static IScoringEngine? Scorer(Decoder model) =>
        Obstacle(model) is null ? Vectors.Run(new ScorerChoice(model), CpuSupport.Lanes(model.Config)).Scorer : null;

    /// <summary>
    /// What a run says once, where <see cref="Create"/> gives another engine than one would expect: the CPU engine was asked for, or left to
    /// be chosen for a model on the CPU, and cannot serve it. Null where there is nothing to say.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="work">What is done with it.</param>
    public static string? Note(Decoder model, DecodeOptions options, string work = "sampling")
    {
        if (options.Engine == EngineKind.Tensor || Obstacle(model) is not { } obstacle) return null;
        if (options.Engine == EngineKind.Auto && !IsOnCpu(model)) return null;
        var types = options.IsExact ? "" : ", in the model's own types";
        return $"{work} with tensor operations{types}: the CPU engine, which is faster, cannot serve this model ({obstacle})";
    }

    /// <summary>Why the CPU engine cannot serve a model; null where it can.</summary>
    private static string? Obstacle(Decoder model) => IsOnCpu(model) ? CpuSupport.Obstacle(model.Config) : "the model is not on the CPU";

    private static bool IsOnCpu(Decoder model) => model.Device.type == DeviceType.CPU;

    private struct EngineChoice(Decoder model, DecodeOptions options) : IVectorKernel
    {
        public IDecodeEngine? Engine { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct
        {
            var threads = get_num_threads();
            var shortWeights = options.Weights == DecodeType.Bfloat16 || model.Head.dtype == ScalarType.BFloat16;
            Engine = (shortWeights, options.Cache == DecodeType.Bfloat16) switch
            {
                (false, false) => new CpuEngine<S, V, Float32Storage, Float32Storage>(model, threads),
                (false, true) => new CpuEngine<S, V, Float32Storage, BFloat16Storage>(model, threads),
                (true, false) => new CpuEngine<S, V, BFloat16Storage, Float32Storage>(model, threads),
                (true, true) => new CpuEngine<S, V, BFloat16Storage, BFloat16Storage>(model, threads),
            };
        }
    }

    private struct ScorerChoice(Decoder model) : IVectorKernel
    {
        public IScoringEngine? Scorer { get; private set; }

        public void Run<S, V>()
            where S : struct, ISimd<V>
            where V : struct => Scorer = model.Head.dtype == ScalarType.BFloat16
                ? new CpuScorer<S, V, BFloat16Storage>(model, get_num_threads())
                : new CpuScorer<S, V, Float32Storage>(model, get_num_threads());
    }
}
