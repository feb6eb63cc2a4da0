using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlowRL.Files;
using static TorchSharp.torch;

namespace FlowRL.Numerics.Products;

/// <summary>
/// Whether a machine computes linear layers with the kernels of <see cref="DenseProduct"/> or with the tensor library's. The two add in different
/// orders, so that a run and what resumes it must choose alike: what was measured first is kept among the user's caches and holds from then on.
/// </summary>
internal static unsafe partial class ProductChoice
{
    private const string Own = "own", Library = "library";

    // The library must be this much faster to be chosen.
    private const double Margin = 1.25;

    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>What <paramref name="folder"/> has for this machine, else what <paramref name="measure"/> says, from then on.</summary>
    /// <param name="folder">Where choices are kept; where it cannot be written, each process measures.</param>
    /// <param name="measure">Whether our kernels are to be used.</param>
    public static bool IsOwn(string folder, Func<bool> measure)
    {
        var path = Path.Combine(folder, Machine());
        if (Kept(path) is { } kept) return kept;
        var chosen = measure();
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(temporary, chosen ? Own : Library);
            File.Move(temporary, path, overwrite: File.Exists(path) && Kept(path) is null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary)) File.Delete(temporary); // another process was first, and its word holds; else nothing can be kept here
        }
        return Kept(path) ?? chosen;
    }

    /// <summary>
    /// Measures a product both ways on one thread, in the time that the thread was on a processor: what else runs on the machine takes little part in it.
    /// </summary>
    public static bool Measure()
    {
        var isOwn = true;
        var thread = new Thread(() => isOwn = MeasureHere());
        thread.Start();
        thread.Join();
        return isOwn;
    }

    private static bool MeasureHere()
    {
        const int size = 512;
        _ = get_num_threads(); // what the library sets on a thread at first must not come later
        if (!OneThread()) return true;
        using var scope = NewDisposeScope();
        using var _1 = no_grad();
        using var generator = new Generator(1, CPU);
        var (x, w) = (rand([size, size], generator: generator), rand([size, size], generator: generator));
        var (own, library) = (double.MaxValue, double.MaxValue);
        // In turns, so that the processor's pace is the same for both.
        for (var i = 0; i < 12; i++)
        {
            own = Math.Min(own, Seconds(() => LinearProducts.Forward(x, w, null, own: true)));
            library = Math.Min(library, Seconds(() => LinearProducts.Forward(x, w, null, own: false)));
        }
        return own < Margin * library;
    }

    private static double Seconds(Func<Tensor> product)
    {
        var start = ThreadSeconds();
        using var made = product();
        return ThreadSeconds() - start;
    }

    /// <summary>Leaves this thread alone with its products; false where the library has no such setting.</summary>
    private static bool OneThread()
    {
        var (ours, theirs) = (TorchLibrary.Export("omp_set_num_threads"), TorchLibrary.Export("MKL_Set_Num_Threads_Local"));
        if (ours == 0 || theirs == 0 || !OperatingSystem.IsLinux()) return false;
        ((delegate* unmanaged<int, void>)ours)(1);
        _ = ((delegate* unmanaged<int, int>)theirs)(1);
        return true;
    }

    private static bool? Kept(string path)
    {
        try
        {
            return File.ReadAllText(path) switch { Own => true, Library => false, _ => null };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A name for this kind of processor with these kernels.</summary>
    private static string Machine()
    {
        string[] kinds = ["vendor_id", "cpu family", "model", "stepping", "flags", "CPU implementer", "CPU variant", "CPU part", "CPU revision", "Features"];
        var fields = MachineProcessor.Fields().Where(field => kinds.Contains(field.Name)).Select(field => field.Value);
        var text = string.Join(
            '\n', [RuntimeInformation.RuntimeIdentifier, .. fields, __version__, typeof(ProductChoice).Assembly.GetName().Version?.ToString()]);
        return $"products-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12]}";
    }

    private static double ThreadSeconds()
    {
        long* time = stackalloc long[2]; // timespec of 64-bit Linux
        _ = GetTime(ThreadTime, time);
        return time[0] + time[1] * 1e-9;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);
}
