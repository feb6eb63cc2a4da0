namespace FlowRL.Sandbox;

/// <summary>A way to start programs that nobody has read. Thread-safe.</summary>
public interface ISandbox
{
    /// <summary>Why no program can be started, with what to do about it; null where they can.</summary>
    string? Obstacle { get; }

    /// <summary>Starts a program in a fresh sandbox.</summary>
    /// <param name="command">The program inside and its arguments.</param>
    /// <param name="needs">What else it needs of this machine.</param>
    /// <exception cref="BadInputException">There is an <see cref="Obstacle"/>.</exception>
    SandboxedProcess Start(IReadOnlyList<string> command, SandboxNeeds needs);
}
