using System.Runtime.InteropServices;

namespace FlowRL.Tests.Support;

/// <summary>Processor time of the calling thread alone: neither a busy machine nor tests beside it count.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>What an action takes on this thread; it must not await.</summary>
    public static TimeSpan Of(Action action)
    {
        var start = Now();
        action();
        return Now() - start;
    }

    private static TimeSpan Now()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The clock of one thread is read as Linux gives it.");
        Assert.Equal(0, GetTime(ThreadProcessorTime, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [LibraryImport("libc.so.6", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeOfClock time);

    private readonly record struct TimeOfClock(nint Seconds, nint Nanoseconds);
}
