using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowRL.Benchmarking;

internal static class Machine
{
    public static object Describe() => new
    {
        processors = Environment.ProcessorCount,
        architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        vector_bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        memory_gigabytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        framework = RuntimeInformation.FrameworkDescription,
        system = RuntimeInformation.OSDescription,
    };
}
