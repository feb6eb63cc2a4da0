namespace FlowRL.Rewards.Code;

/// <summary>How processor time becomes time on the clock.</summary>
internal static class Limits
{
    /// <summary>How long a test may take on the clock: machines are busy, and programs may sleep.</summary>
    public static TimeSpan Clock(TimeSpan seconds) => seconds * 2 + TimeSpan.FromSeconds(1);
}
