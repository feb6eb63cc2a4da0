using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>Settings of the native libraries that decide speed and memory.</summary>
internal static partial class NativeRuntime
{
    private const int TrimThreshold = -1, TopPad = -2, MmapMax = -4, ArenaMax = -8; // glibc's malloc.h

    // at::Context::setFlushDenormal(bool), a static member in libtorch 2.10 and one with an unused this before.
    private static readonly nint SetFlushDenormal = TorchLibrary.Export("_ZN2at7Context16setFlushDenormalEb");

    // Other C libraries have no such settings.
    private static readonly bool HasGlibc =
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "mallopt", out _);

    /// <summary>Call once, on the thread that will do the tensor work, before the first tensor: worker threads inherit what is set here.</summary>
    /// <param name="threads">Threads for tensor work; 0 takes one a core.</param>
    public static void Initialize(int threads)
    {
        KeepFreedMemory();
        set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
        FlushDenormals();
    }

    /// <summary>
    /// glibc returns large blocks to the kernel after every operation, and page faults then cost a third of a training step. It also gives each thread
    /// a store of its own, of which none is emptied: each run in a process, with a tensor thread of its own, then adds what it held at most. Before the
    /// thread is made that computes, so that it takes a store that is there already.
    /// </summary>
    internal static void KeepFreedMemory()
    {
        if (!HasGlibc) return;
        _ = MallocOption(MmapMax, 0);
        _ = MallocOption(TrimThreshold, -1);
        _ = MallocOption(TopPad, 256 << 20);
        _ = MallocOption(ArenaMax, 1);
    }

    /// <summary>Returns to the system what is kept and free: after work of which nothing may come again.</summary>
    internal static void ReturnFreedMemory()
    {
        if (HasGlibc) _ = Trim(0);
    }

    /// <summary>On this thread, numbers below 1e-38 become zero: saturated softmaxes otherwise slow a training step fifty times.</summary>
    internal static unsafe void FlushDenormals()
    {
        // The same truth first and second serves both.
        if (SetFlushDenormal != 0) ((delegate* unmanaged<nint, byte, byte>)SetFlushDenormal)(1, 1);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int MallocOption(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}

/// <summary>Native functions that the tensor library exports beside those that TorchSharp wraps.</summary>
internal static class TorchLibrary
{
    private static readonly nint Handle =
        NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, DllImportSearchPath.AssemblyDirectory, out var handle) ? handle : 0;

    /// <summary>The address of a function, or 0 where the library is missing or has no such function.</summary>
    public static nint Export(string name) => Handle != 0 && NativeLibrary.TryGetExport(Handle, name, out var address) ? address : 0;
}
