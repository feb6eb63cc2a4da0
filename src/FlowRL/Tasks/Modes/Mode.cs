namespace FlowRL.Tasks.Modes;

/// <summary>A hill of the reward.</summary>
/// <param name="Center">The answer at its peak.</param>
/// <param name="Peak">Its reward.</param>
public sealed record Mode(string Center, double Peak)
{
    /// <summary>Places at which two answers differ; what one has beyond the other's end counts too.</summary>
    public static int Distance(string a, string b)
    {
        var shorter = Math.Min(a.Length, b.Length);
        var distance = Math.Max(a.Length, b.Length) - shorter;
        for (var i = 0; i < shorter; i++) distance += a[i] == b[i] ? 0 : 1;
        return distance;
    }
}
