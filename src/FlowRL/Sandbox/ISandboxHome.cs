namespace FlowRL.Sandbox;

/// <summary>Where a process runs that a <see cref="SandboxedProcess"/> speaks with, and how it is ended there.</summary>
internal interface ISandboxHome
{
    /// <summary>The process whose use counts, with that of all its descendants.</summary>
    int Root { get; }

    /// <summary>A process within the namespaces; 0 where there are none, or none yet.</summary>
    int Inside { get; }

    /// <summary>Whether the process is no more, so that its number may be another's.</summary>
    bool HasEnded { get; }

    /// <summary>Whether the kernel ended a process here for want of memory, as far as that is known.</summary>
    bool RanOutOfMemory { get; }

    /// <summary>The first line of what was complained of, once it has ended; null where nothing was.</summary>
    Task<string?> Complaint { get; }

    /// <exception cref="IOException">Nobody reads any more.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>What it prints; 0 once it has ended.</summary>
    /// <exception cref="IOException">It was ended.</exception>
    int Read(byte[] buffer);

    /// <summary>Ends what the process reads.</summary>
    void CloseInput();

    /// <summary>The exit status, once it has ended by itself.</summary>
    int WaitForStatus();

    /// <summary>Ends the process with all that it started. Again and again without harm.</summary>
    void Kill();

    /// <summary>Waits for the end of what was killed and gives back what this is made of.</summary>
    /// <param name="isSound">Whether the process kept to its limits, so that others may come here after it.</param>
    void Leave(bool isSound);
}
