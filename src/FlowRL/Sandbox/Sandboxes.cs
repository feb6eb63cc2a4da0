namespace FlowRL.Sandbox;

/// <summary>The sandbox that options ask for.</summary>
public static class Sandboxes
{
    /// <exception cref="ArgumentOutOfRangeException">The isolation is none of those known.</exception>
    public static ISandbox Of(SandboxOptions options) => options.Isolation switch
    {
        Isolation.Bubblewrap => new Bubblewrap(options),
        Isolation.None => new Unisolated(options),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Isolation, null),
    };
}
