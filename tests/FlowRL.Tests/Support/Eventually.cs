namespace FlowRL.Tests.Support;

/// <summary>For what the system does in its own time and tells nobody of: looked at again and again, and given up only where a machine would be broken.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Whether the condition comes true.</summary>
    public static async Task<bool> IsTrue(Func<bool> condition)
    {
        for (var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !condition();)
        {
            if (Environment.TickCount64 > end) return false;
            await Task.Yield();
        }
        return true;
    }
}
