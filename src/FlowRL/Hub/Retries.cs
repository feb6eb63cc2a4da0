using System.Globalization;

namespace FlowRL.Hub;

/// <summary>Tries again what may pass: after 1, 2, 4, 8 and 16 seconds, or when the hub says. What gets on is tried for as long as it does.</summary>
/// <param name="wait">Lets time pass.</param>
/// <param name="say">Told of every wait.</param>
internal sealed class Retries(Func<TimeSpan, CancellationToken, Task> wait, Action<string> say)
{
    private const int Most = 5;
    private const int MostUnreachable = 2;

    // Less is no progress: a byte a second would never end.
    private const long Progress = 1 << 16;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="subject">What is asked for, which begins messages.</param>
    /// <param name="attempt">A try.</param>
    /// <param name="gained">Grows with what was gained, so that a new failure after some progress is the first again.</param>
    /// <param name="unreachable">Tries after the first where no connection comes about.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="HubException">It did not pass.</exception>
    public async Task<T> RunAsync<T>(string subject, Func<Task<T>> attempt, Func<long>? gained = null, int unreachable = MostUnreachable,
        CancellationToken cancellation = default)
    {
        var failures = 0;
        var before = gained?.Invoke() ?? 0;
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (PassingException failure)
            {
                cancellation.ThrowIfCancellationRequested();
                var now = gained?.Invoke() ?? 0;
                failures = now - before >= Progress ? 1 : failures + 1;
                if (failures == 1) before = now;
                if (failures > (failure.IsUnreachable ? unreachable : Most))
                    throw new HubException($"{subject}: {failure.Message}. {(failure.IsUnreachable ? Unreachable : Kept)}", failure);
                var pause = failure.After ?? TimeSpan.FromSeconds(1 << (failures - 1));
                if (pause > Longest)
                {
                    throw new HubException($"{subject}: {failure.Message}, and asks to wait {Seconds(pause)}. Try again later; users with a token (HF_TOKEN) " +
                        "may ask more often.", failure);
                }
                say($"{subject}: {failure.Message}; again in {Seconds(pause)}");
                await wait(pause, cancellation);
            }
        }
    }

    public Task RunAsync(string subject, Func<Task> attempt, Func<long>? gained = null, CancellationToken cancellation = default) =>
        RunAsync(subject, async () => { await attempt(); return true; }, gained, MostUnreachable, cancellation);

    private const string Kept = "Try again; what is fetched already is kept.";

    private const string Unreachable =
        "Check the network, HF_ENDPOINT and proxies; what was fetched before is used without a connection with HF_HUB_OFFLINE=1.";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");
}
