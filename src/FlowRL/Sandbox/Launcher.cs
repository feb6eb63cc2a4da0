using System.Collections.Concurrent;
using System.Diagnostics;

namespace FlowRL.Sandbox;

/// <summary>
/// Starts processes on one thread that never ends. A sandbox dies with the thread that started it, which is wanted when this process is killed and
/// would be a surprise when a pool thread retires.
/// </summary>
internal static class Launcher
{
    private static readonly BlockingCollection<Action> Work = [];

    static Launcher() => new Thread(() =>
    {
        foreach (var action in Work.GetConsumingEnumerable()) action();
    })
    { IsBackground = true, Name = "sandbox launcher" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or no room for another process.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }
}
