using FlowRL.Recipes;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>Recipe words to libtorch's devices and types.</summary>
public static class Devices
{
    /// <exception cref="BadInputException">CUDA is asked for and there is none.</exception>
    public static Device Resolve(DeviceKind kind)
    {
        if (kind == DeviceKind.Cpu) return CPU;
        // The native loader can report success without CUDA, so ask libtorch itself.
        return cuda.is_available() ? CUDA : throw new BadInputException("model.device: 'cuda' was asked for, but libtorch sees no CUDA " +
            "device; reference a libtorch-cuda package instead of the CPU one and check the driver, or set model.device to cpu.");
    }

    public static ScalarType Resolve(WeightType type) => type == WeightType.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
}
