using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What a measurement depends on, and nothing that tells whose machine it is.</summary>
public sealed record Machine
{
    /// <summary>As the system names it; empty where it does not.</summary>
    public required string CpuModel { get; init; }

    public required int Processors { get; init; }

    /// <summary>Threads of tensor work.</summary>
    public required int Threads { get; init; }

    public required string Architecture { get; init; }

    public required int VectorBits { get; init; }

    public required double MemoryGigabytes { get; init; }

    public required string Framework { get; init; }

    public required string Libtorch { get; init; }

    public required string System { get; init; }

    public static Machine Describe() => new()
    {
        CpuModel = MachineProcessor.Fields().FirstOrDefault(field => field.Name == "model name").Value ?? "",
        Processors = Environment.ProcessorCount,
        Threads = get_num_threads(),
        Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        VectorBits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        MemoryGigabytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        Framework = RuntimeInformation.FrameworkDescription,
        Libtorch = __version__,
        System = RuntimeInformation.OSDescription,
    };
}
