using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FlowRL.Numerics;

/// <summary>
/// Runs managed kernels on the threads that the tensor library itself uses. Threads of our own would compete with its workers, which
/// keep their cores busy for a while after each operation. Where its runtime cannot be reached, the caller does all the work.
/// </summary>
internal static unsafe class OpenMp
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel;
    private static readonly delegate* unmanaged<int> ThreadNumber;

    static OpenMp()
    {
        if (!NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, DllImportSearchPath.AssemblyDirectory, out var library)) return;
        if (!NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)) return;
        if (!NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var number)) return;
        Parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)parallel;
        ThreadNumber = (delegate* unmanaged<int>)number;
    }

    /// <summary>Work on the items <paramref name="first"/> to <paramref name="last"/> − 1, as member <paramref name="rank"/>.</summary>
    public delegate void Share(int first, int last, int rank);

    /// <summary>Threads that <see cref="For"/> uses.</summary>
    public static int Threads => Parallel == null ? 1 : get_num_threads();

    /// <summary>Divides items among the threads: equal shares in order, so that sums by rank are the same every time.</summary>
    public static void For(int items, Share work)
    {
        var threads = Threads;
        if (threads == 1 || items < threads)
        {
            work(0, items, 0);
            return;
        }
        var job = new Job(items, threads, work);
        var handle = GCHandle.Alloc(job);
        try
        {
            Parallel(&Member, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
        if (job.Failure is not null) throw new InvalidOperationException("A kernel failed.", job.Failure);
    }

    [UnmanagedCallersOnly]
    private static void Member(void* data)
    {
        var job = (Job)GCHandle.FromIntPtr((nint)data).Target!;
        try
        {
            var rank = ThreadNumber();
            job.Work((int)((long)job.Items * rank / job.Threads), (int)((long)job.Items * (rank + 1) / job.Threads), rank);
        }
        catch (Exception failure)
        {
            job.Failure = failure; // an exception must not reach native code
        }
    }

    private sealed class Job(int items, int threads, Share work)
    {
        public int Items => items;

        public int Threads => threads;

        public Share Work => work;

        public Exception? Failure { get; set; }
    }
}
