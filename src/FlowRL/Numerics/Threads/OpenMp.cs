using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FlowRL.Numerics.Threads;

/// <summary>
/// Runs managed kernels on the threads that the tensor library itself uses. Threads of our own would compete with its workers, which
/// keep their cores busy for a while after each operation. Where its runtime cannot be reached, the caller does all the work.
/// </summary>
internal static unsafe class OpenMp
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel =
        (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)TorchLibrary.Export("GOMP_parallel");

    /// <summary>Work on the items <paramref name="first"/> to <paramref name="last"/> − 1, the share number <paramref name="rank"/>.</summary>
    public delegate void Share(int first, int last, int rank);

    /// <summary>Shares that <see cref="For(int, Share)"/> makes: one a thread.</summary>
    public static int Threads => Parallel == null ? 1 : get_num_threads();

    /// <summary>Divides items into one share a thread: equal shares in order, so that sums by share are the same every time.</summary>
    public static void For(int items, Share work) => For(items, Threads, work);

    /// <summary>Divides items into so many shares, whatever the number of threads: sums by share are then the same with any.</summary>
    public static void Shares(int items, int shares, Share work) => Run(items, shares, Math.Min(shares, Threads), work);

    /// <summary>Takes the items one by one, whichever thread is free: what is done for an item must not depend on who does it.</summary>
    public static void Each(int items, Action<int> work) => Run(items, items, Math.Min(items, Threads), (first, last, _) =>
    {
        for (var item = first; item < last; item++) work(item);
    });

    /// <summary>With as many shares as <paramref name="threads"/>, whatever the machine has.</summary>
    internal static void For(int items, int threads, Share work)
    {
        if (items < threads) work(0, items, 0);
        else Run(items, threads, threads, work);
    }

    private static void Run(int items, int shares, int threads, Share work)
    {
        var job = new Job(items, shares, work);
        if (Parallel == null || threads <= 1)
        {
            job.Serve();
            return;
        }
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
            job.Serve();
        }
        catch (Exception failure)
        {
            job.Failure = failure; // an exception must not reach native code
        }
    }

    private sealed class Job(int items, int shares, Share work)
    {
        private int _claimed;

        public Exception? Failure { get; set; }

        /// <summary>Takes shares until none is left: the runtime may give fewer threads than were asked for, as inside another region.</summary>
        public void Serve()
        {
            for (int rank; (rank = Interlocked.Increment(ref _claimed) - 1) < shares;)
            {
                work((int)((long)items * rank / shares), (int)((long)items * (rank + 1) / shares), rank);
            }
        }
    }
}
