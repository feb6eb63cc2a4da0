using System.Runtime.Intrinsics;
using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Decoding;

/// <summary>Chooses the engine for a model.</summary>
public static class DecodeEngines
{
    /// <summary>The CPU engine where it applies, else the tensor engine.</summary>
    public static IDecodeEngine Create(Decoder model, DecodeOptions options) => options.Engine switch
    {
        EngineKind.Tensor => new TensorEngine(model),
        EngineKind.Cpu => Cpu(model, options) ?? throw new BadInputException(
            "rollout.decode.engine is cpu, but the model is not on the CPU or its head width is no multiple of 8; use auto or tensor."),
        _ => Cpu(model, options) ?? new TensorEngine(model),
    };

    private static IDecodeEngine? Cpu(Decoder model, DecodeOptions options)
    {
        if (model.Device.type != DeviceType.CPU) return null;
        // The widest registers of the machine of which a head has a whole number of pairs.
        var width = model.Config.HeadWidth;
        if (Vector512.IsHardwareAccelerated && width % 32 == 0) return Create<Simd512, Vector512<float>>(model, options);
        if (Vector256.IsHardwareAccelerated && width % 16 == 0) return Create<Simd256, Vector256<float>>(model, options);
        return width % 8 == 0 ? Create<Simd128, Vector128<float>>(model, options) : null;
    }

    internal static IDecodeEngine Create<S, V>(Decoder model, DecodeOptions options)
        where S : struct, ISimd<V>
        where V : struct
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
}
