using System.Diagnostics;
using System.Globalization;
using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>The most memory that was resident: on Linux the kernel's own mark, which a measurement can set back to be its own.</summary>
internal static class PeakMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>Bytes that this process had resident at most, since <see cref="Reset"/> where the system can forget.</summary>
    public static long Bytes
    {
        get
        {
            if (OperatingSystem.IsLinux()) return ReadKilobytes("VmHWM:") << 10;
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Gives back what is free, and forgets earlier peaks.</summary>
    /// <returns>Bytes resident now.</returns>
    public static long Reset()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        if (!OperatingSystem.IsLinux()) return Environment.WorkingSet;
        // What NativeRuntime keeps for the next operation would count for whoever is measured next.
        NativeRuntime.ReturnFreedMemory();
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5"); // proc(5): resets the peak resident set size
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A sandbox may not allow it: the peak is then that of the process so far.
        }
        return ReadKilobytes("VmRSS:") << 10;
    }

    /// <summary>
    /// The peak divided among those whose bytes are known. <c>runtime</c> is what was resident before and belongs to none of them; what
    /// nobody owns is <c>activations</c>: whatever a pass computes and drops.
    /// </summary>
    /// <param name="peak">Bytes at most.</param>
    /// <param name="before">Bytes resident at the start, from <see cref="Reset"/>.</param>
    /// <param name="stayed">Owners whose memory was there at the start.</param>
    /// <param name="came">Owners that came after it.</param>
    public static IReadOnlyDictionary<string, long> ByOwner(
        long peak, long before, IEnumerable<(string Owner, long Bytes)> stayed, params IEnumerable<(string Owner, long Bytes)> came)
    {
        var owners = new OrderedDictionary<string, long>(StringComparer.Ordinal) { ["runtime"] = before - stayed.Sum(part => part.Bytes) };
        foreach (var (owner, bytes) in stayed.Concat(came)) if (bytes > 0) owners.Add(owner, bytes);
        owners.Add("activations", peak - owners.Values.Sum());
        return owners;
    }

    public static long Of(Decoder model) => Of(model.Weights.Select(pair => pair.Value));

    public static long Of(IEnumerable<Tensor> tensors) => tensors.Sum(tensor => tensor.numel() * tensor.element_size());

    private static long ReadKilobytes(string key)
    {
        var line = File.ReadLines(Status).First(line => line.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(key.Length, line.Length - key.Length - "kB".Length), NumberStyles.Integer | NumberStyles.AllowLeadingWhite
            | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }
}
