using System.Runtime.InteropServices;

namespace FlowRL.Numerics;

/// <summary>
/// Native memory outside of the collector's reach, aligned to cache lines; large blocks to large pages, which the system is asked to
/// use: streams then cross fewer pages, and the hardware prefetcher stops at each. Owns its memory.
/// </summary>
internal sealed unsafe partial class NativeBlock : IDisposable
{
    private const long LargePage = 2 << 20;
    private const int AdviseLargePages = 14; // MADV_HUGEPAGE of Linux

    public NativeBlock(long bytes)
    {
        Bytes = bytes;
        var isLarge = bytes >= 2 * LargePage;
        Data = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, isLarge ? (nuint)LargePage : 64);
        if (isLarge && OperatingSystem.IsLinux()) _ = Advise(Data, (nuint)bytes, AdviseLargePages); // a wish: failing changes nothing
    }

    public byte* Data { get; private set; }

    public long Bytes { get; }

    public void Clear() => NativeMemory.Clear(Data, (nuint)Bytes);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint bytes, int advice);
}
