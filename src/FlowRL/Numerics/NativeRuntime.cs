using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>
/// Settings of the native libraries that decide speed. Call once, on the thread that will do the tensor work, before the first tensor:
/// worker threads inherit what is set here.
/// </summary>
internal static partial class NativeRuntime
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4; // glibc's malloc.h

    // at::Context::setFlushDenormal(bool), a static member in libtorch 2.10 and one with an unused this before.
    private static readonly nint SetFlushDenormal = TorchLibrary.Export("_ZN2at7Context16setFlushDenormalEb");

    /// <param name="threads">Threads for tensor work; 0 takes one a core.</param>
    public static void Initialize(int threads)
    {
        if (OperatingSystem.IsLinux()) KeepFreedMemory();
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        FlushDenormals();
    }

    /// <summary>
    /// glibc returns large blocks to the kernel after every operation, and page faults then cost a third of a training step. Other C
    /// libraries have no such setting, and keep theirs.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (!NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "mallopt", out _)) return;
        _ = MallocOption(MmapMax, 0);
        _ = MallocOption(TrimThreshold, -1);
        _ = MallocOption(TopPad, 256 << 20);
    }

    /// <summary>On this thread, numbers below 1e-38 become zero: saturated softmaxes otherwise slow a training step fifty times.</summary>
    internal static unsafe void FlushDenormals()
    {
        // The same truth first and second serves both.
        if (SetFlushDenormal != 0) ((delegate* unmanaged<nint, byte, byte>)SetFlushDenormal)(1, 1);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int MallocOption(int parameter, int value);
}

/// <summary>Native functions that the tensor library exports beside those that TorchSharp wraps.</summary>
internal static class TorchLibrary
{
    private static readonly nint Handle =
        NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, DllImportSearchPath.AssemblyDirectory, out var handle) ? handle : 0;

    /// <summary>The address of a function, or 0 where the library is missing or has no such function.</summary>
    public static nint Export(string name) => Handle != 0 && NativeLibrary.TryGetExport(Handle, name, out var address) ? address : 0;
}
