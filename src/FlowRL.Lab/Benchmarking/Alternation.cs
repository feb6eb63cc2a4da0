using System.Diagnostics;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Measures contestants turn by turn, so that a busy minute of the machine hits them all.</summary>
internal static class Alternation
{
    /// <summary>Runs once, then again until just-in-time compilation has settled.</summary>
    public static void WarmUp(BenchOptions options, Action run)
    {
        var clock = Stopwatch.StartNew();
        do run();
        while (clock.Elapsed.TotalSeconds < options.WarmUpSeconds);
    }

    /// <summary>Seconds of each contestant's turns.</summary>
    /// <param name="options">How many turns.</param>
    /// <param name="cancellation">Checked between turns.</param>
    /// <param name="contestants">Each runs once and returns its seconds; call them warm.</param>
    public static double[][] Run(BenchOptions options, CancellationToken cancellation, params IReadOnlyList<Func<double>> contestants)
    {
        var seconds = contestants.Select(_ => new double[options.Repeat]).ToArray();
        for (var turn = 0; turn < options.Repeat; turn++)
        {
            for (var i = 0; i < seconds.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                seconds[i][turn] = contestants[i]();
            }
        }
        return seconds;
    }

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
