using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Sandbox;

/// <summary>Where programs run that nobody has read, and what they may use. The limits hold for a program with all that it starts.</summary>
public sealed record SandboxOptions
{
    [Description("bubblewrap, or none: programs then run as you do, with your files and your network. Only for a machine that you can lose.")]
    public Isolation Isolation { get; init; } = Isolation.Bubblewrap;

    [Description("The Python interpreter, as an absolute path.")]
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>The interpreter that a link leads to: links into other folders lead nowhere inside of a sandbox.</summary>
    internal string RealPython => File.Exists(Python) ? File.ResolveLinkTarget(Python, returnFinalTarget: true)?.FullName ?? Python : Python;

    [Description("Memory in MiB.")]
    [Range(64, 1 << 20)]
    public int MemoryMb { get; init; } = 512;

    [Description("Processes and threads at once.")]
    [Range(4, 4096)]
    public int Processes { get; init; } = 32;

    [Description("What it may write to its private /tmp, in MiB.")]
    [Range(1, 1 << 16)]
    public int DiskMb { get; init; } = 16;

    [Description("What it may print for one input, in MiB.")]
    [Range(1, 256)]
    public int OutputMb { get; init; } = 4;
}

/// <summary>What stands between a program that a model wrote and this machine.</summary>
public enum Isolation
{
    /// <summary>Namespaces of its own through bubblewrap: no files of the user's, no network, no other processes.</summary>
    Bubblewrap,

    /// <summary>Nothing but resource limits: the program may do whatever the user may.</summary>
    None,
}
