using FlowRL.Numerics;

namespace FlowRL.Training;

/// <summary>
/// Runs tensor work on a thread of its own. libtorch's scopes and gradient mode belong to a thread, and its worker pool to the thread
/// that first used it, so the work must not wander over the thread pool.
/// </summary>
public static class TensorThread
{
    private const int StackBytes = 16 << 20;

    public static Task<T> RunAsync<T>(int threads, Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        NativeRuntime.KeepFreedMemory();
        var thread = new Thread(() =>
        {
            try
            {
                NativeRuntime.Initialize(threads);
                var result = work();
                NativeRuntime.ReturnFreedMemory();
                completion.SetResult(result);
            }
            catch (OperationCanceledException error) when (error is not RunInterruptedException)
            {
                completion.SetCanceled(error.CancellationToken);
            }
            catch (Exception error)
            {
                completion.SetException(error);
            }
        }, StackBytes)
        { Name = "tensor work", IsBackground = true };
        thread.Start();
        return completion.Task;
    }
}
