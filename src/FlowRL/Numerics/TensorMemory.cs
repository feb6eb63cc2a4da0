using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>Where the numbers of a tensor lie.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether kernels can read and write the tensor in place: fp32 on the CPU.</summary>
    public static bool IsReachable(Tensor tensor) => tensor.device.type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>The first number of a contiguous tensor on the CPU; valid as long as the tensor lives.</summary>
    public static void* Pointer(Tensor tensor)
    {
        // A span holds 2 GB at most, so the address is that of the first number.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* data = &MemoryMarshal.GetReference(first.bytes)) return data; // native memory: nothing moves it
    }

    /// <inheritdoc cref="Pointer"/>
    public static float* Floats(Tensor tensor) => (float*)Pointer(tensor);
}
