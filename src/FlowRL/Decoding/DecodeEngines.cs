using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using FlowRL.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Decoding;

/// <summary>Chooses the engine for a model.</summary>
public static class DecodeEngines
{
    /// <summary>The CPU engine where it applies, else the tensor engine.</summary>
    public static IDecodeEngine Create(Decoder model, DecodeOptions options)
    {
        if (options.Engine == EngineKind.Tensor) return new TensorEngine(model);
        var lanes = Lanes(model.Config, model.Device.type);
        if (lanes > 0) return Vectors.Run(new EngineChoice(model, options), lanes).Engine!;
        if (options.Engine == EngineKind.Auto) return new TensorEngine(model);
        throw new BadInputException(
            "rollout.decode.engine is cpu, but the model is not on the CPU or its head width is no multiple of 8; use auto or tensor.");
    }

    /// <summary>Scoring with the kernels of the CPU engine; null where they do not apply.</summary>
    public static IScoringEngine? Scorer(Decoder model) =>
        Lanes(model.Config, model.Device.type) is var lanes and > 0 ? Vectors.Run(new ScorerChoice(model), lanes).Scorer : null;

    /// <summary>The widest registers of the machine of which a head has a whole number of pairs; 0 where the kernels do not apply.</summary>
    internal static int Lanes(DecoderConfig config, DeviceType device) => device == DeviceType.CPU ? Vectors.Lanes(config.HeadWidth / 2) : 0;

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
