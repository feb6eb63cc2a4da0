using System.Collections.Concurrent;

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

    /// <inheritdoc cref="PosixSpawn.Start"/>
    public static ChildProcess Start(IReadOnlyList<string> words, IEnumerable<KeyValuePair<string, string>> environment, string folder)
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(new ChildProcess(words, environment, folder));
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }
}
