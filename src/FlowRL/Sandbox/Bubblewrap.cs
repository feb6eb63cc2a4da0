using System.ComponentModel;

namespace FlowRL.Sandbox;

/// <summary>
/// Sandboxes made by bubblewrap: user, mount, process, network, IPC and host-name namespaces of their own, an unprivileged user without
/// capabilities, the system's programs read-only, a small private /tmp, no environment, and none of the system calls that these do not bound. Nothing
/// of one outlives it. Thread-safe.
/// </summary>
internal sealed class Bubblewrap : ISandbox
{
    private const string Nobody = "65534";
    private const string ProcessList = "/tmp/proc"; // hidden from programs by their own /tmp
    private const int FilterNumber = 9; // what the shell opens it as
    // Root would be root to the kernel inside as well, and free of the limit on processes.
    private static readonly bool IsRoot = Environment.IsPrivilegedProcess;
    private static readonly string[] Demotion = ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--no-new-privs"];
    // Not /dev/zero: what is mapped of it is memory that no process has to show.
    private static readonly string[] DeviceFiles = ["/dev/null", "/dev/urandom", "/dev/random"];
    private static readonly string[] SystemFolders = ["/lib", "/lib64", "/lib32", "/bin", "/sbin"];
    private readonly SandboxOptions _options;
    private readonly Func<string, bool> _isInstalled;
    private readonly Func<long, int, IResourceGroup?> _rent;
    private readonly Lazy<string?> _obstacle;

    public Bubblewrap(SandboxOptions options) : this(options, SandboxStart.IsInstalled, ControlGroups.Rent) { }

    /// <param name="options">What programs may use.</param>
    /// <param name="isInstalled">Whether a tool is there.</param>
    /// <param name="rent">Gives a group for so many bytes and processes; null without.</param>
    internal Bubblewrap(SandboxOptions options, Func<string, bool> isInstalled, Func<long, int, IResourceGroup?> rent)
    {
        (_options, _isInstalled, _rent) = (options, isInstalled, rent);
        _obstacle = new Lazy<string?>(FindObstacle);
    }

    public string? Obstacle => _obstacle.Value;

    public string Scratch => "/run";

    public SandboxedProcess Start(IReadOnlyList<string> command, SandboxNeeds needs) =>
        Obstacle is { } obstacle ? throw new BadInputException(obstacle) : Launch(command, needs);

    public Nursery? StartNursery(IReadOnlyList<string> command, SandboxNeeds needs)
    {
        if (Obstacle is { } obstacle) throw new BadInputException(obstacle);
        // A program's own /tmp lies above that in which these would be.
        if (needs.Folders.Concat(PythonFolders()).Any(folder => $"{folder}/".StartsWith("/tmp/", StringComparison.Ordinal))) return null;
        string[] words = [.. command, ProcessList, $"{(long)_options.DiskMb << 20}", Convert.ToHexString(SystemCallFilter.NoNamespaces)];
        return new Nursery(Enclose(words, needs with { Nests = true }), _options);
    }

    private SandboxedProcess Launch(IReadOnlyList<string> command, SandboxNeeds needs) => new(Enclose(command, needs), _options);

    private OwnSandbox Enclose(IReadOnlyList<string> command, SandboxNeeds needs)
    {
        var memory = (long)_options.MemoryMb << 20;
        var group = _rent(memory, _options.Processes + needs.OwnProcesses);
        try
        {
            var entered = SandboxStart.Enter(group, $"{FilterNumber}<'{SystemCallFilter.Path}'{(needs.Nests ? " 2>/dev/null" : "")}");
            string[] walled = [.. entered, .. Wall(needs), .. SandboxStart.Limits(_options, needs), .. command];
            return new OwnSandbox(SandboxStart.Of(walled, group?.Environs ?? new Dictionary<string, string>()), group, isIsolated: true);
        }
        catch
        {
            group?.Dispose();
            throw;
        }
    }

    private string[] Wall(SandboxNeeds needs) =>
    [
        .. IsRoot ? Demotion : [],
        "bwrap", "--unshare-all", "--unshare-user", .. needs.Nests ? ["--as-pid-1"] : (string[])["--disable-userns"],
        "--uid", Nobody, "--gid", Nobody, "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--seccomp", $"{FilterNumber}",
        "--ro-bind", "/usr", "/usr", .. SystemFolders.Where(Directory.Exists).SelectMany(SystemFolder),
        "--size", "65536", "--tmpfs", "/dev", .. DeviceFiles.SelectMany(file => new[] { "--dev-bind", file, file }), "--remount-ro", "/dev",
        "--size", $"{(long)_options.DiskMb << 20}", "--tmpfs", "/tmp", "--chdir", "/tmp",
        .. needs.Nests ? ["--dir", Scratch, "--proc", ProcessList] : Array.Empty<string>(),
        .. needs.ScratchBytes > 0 ? ["--size", $"{needs.ScratchBytes}", "--tmpfs", Scratch] : Array.Empty<string>(),
        // Behind /tmp, in which they may lie.
        .. needs.Folders.Concat(PythonFolders()).SelectMany(folder => new[] { "--ro-bind", folder, folder }),
        .. needs.Proc ? ["--proc", "/proc"] : Array.Empty<string>(),
        "--clearenv", .. SandboxStart.Environment.Concat(needs.Environment).SelectMany(variable => new[] { "--setenv", variable.Key, variable.Value }),
        "--remount-ro", "/", "--",
    ];

    private static string[] SystemFolder(string folder) =>
        new DirectoryInfo(folder).LinkTarget is { } link ? ["--symlink", link, folder] : ["--ro-bind", folder, folder];

    private IEnumerable<string> PythonFolders()
    {
        var real = _options.RealPython;
        return real.StartsWith("/usr/", StringComparison.Ordinal) || !File.Exists(real) ? [] : [Path.GetDirectoryName(Path.GetDirectoryName(real))!];
    }

    private string? FindObstacle()
    {
        const string Advice = "install what is missing with ./install-sandbox, or see docs/sandbox.md";
        if (!OperatingSystem.IsLinux()) return "programs can be isolated on Linux only, so none is run here; use a Linux machine or WSL.";
        if (!SystemCallFilter.IsKnown) return "programs can be isolated on x64 and arm64 processors only, so none is run here.";
        foreach (var tool in IsRoot ? [OpenFiles.Shell, "bwrap", "prlimit", "setpriv"] : (string[])[OpenFiles.Shell, "bwrap", "prlimit"])
            if (!_isInstalled(tool)) return $"'{tool}' is missing, so programs cannot be isolated and none is run; {Advice}.";
        try
        {
            using var trial = Launch(["/bin/sh", "-c", "echo isolated"], new SandboxNeeds());
            if (trial.Read(TimeSpan.FromSeconds(20)) == "isolated") return null;
            return $"bubblewrap makes no sandbox here ({trial.Complaint ?? "without a word"}), so no program is run; " +
                "it needs version 0.8 and user namespaces, " +
                "which some containers and kernels forbid: see docs/sandbox.md.";
        }
        catch (Exception failure) when (failure is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return $"bubblewrap cannot be started ({failure.Message}), so no program is run; {Advice}.";
        }
    }
}
