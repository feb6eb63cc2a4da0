using System.Runtime.Intrinsics;
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
        var kernels = Kernels(model);
        if (kernels is null && options.Engine == EngineKind.Cpu)
        {
            throw new BadInputException(
                "rollout.decode.engine is cpu, but the model is not on the CPU or its head width is no multiple of 8; use auto or tensor.");
        }
        return kernels?.Decoder(model, options) ?? new TensorEngine(model);
    }

    /// <summary>Scoring with the kernels of the CPU engine; null where they do not apply.</summary>
    public static IScoringEngine? Scorer(Decoder model) => Kernels(model)?.Scorer(model);

    /// <summary>The kernels in the widest registers of the machine of which a head has a whole number of pairs.</summary>
    private static IKernels? Kernels(Decoder model)
    {
        if (model.Device.type != DeviceType.CPU) return null;
        var width = model.Config.HeadWidth;
        if (Vector512.IsHardwareAccelerated && width % 32 == 0) return new KernelsOf<Simd512, Vector512<float>>();
        if (Vector256.IsHardwareAccelerated && width % 16 == 0) return new KernelsOf<Simd256, Vector256<float>>();
        return width % 8 == 0 ? new KernelsOf<Simd128, Vector128<float>>() : null;
    }

    /// <summary>What there is for one register width.</summary>
    private interface IKernels
    {
        IDecodeEngine Decoder(Decoder model, DecodeOptions options);

        IScoringEngine Scorer(Decoder model);
    }

    private sealed class KernelsOf<S, V> : IKernels
        where S : struct, ISimd<V>
        where V : struct
    {
        public IDecodeEngine Decoder(Decoder model, DecodeOptions options)
        {
            var threads = get_num_threads();
            var shortWeights = options.Weights == DecodeType.Bfloat16 || model.Head.dtype == ScalarType.BFloat16;
            return (shortWeights, options.Cache == DecodeType.Bfloat16) switch
            {
                (false, false) => new CpuEngine<S, V, Float32Storage, Float32Storage>(model, threads),
                (false, true) => new CpuEngine<S, V, Float32Storage, BFloat16Storage>(model, threads),
                (true, false) => new CpuEngine<S, V, BFloat16Storage, Float32Storage>(model, threads),
                (true, true) => new CpuEngine<S, V, BFloat16Storage, BFloat16Storage>(model, threads),
            };
        }

        public IScoringEngine Scorer(Decoder model) => model.Head.dtype == ScalarType.BFloat16
            ? new CpuScorer<S, V, BFloat16Storage>(model, get_num_threads())
            : new CpuScorer<S, V, Float32Storage>(model, get_num_threads());
    }
}
