using System.Diagnostics;

namespace FlowRL.Sandbox;

/// <summary>What all ways to start a sandboxed process have in common.</summary>
internal static class SandboxStart
{
    private static readonly string[] Path = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    /// <summary>The same for every program and machine, so that verdicts are.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/bin:/bin",
        ["HOME"] = "/tmp",
        ["LANG"] = "C.UTF-8",
        ["LC_ALL"] = "C.UTF-8",
        ["TZ"] = "UTC",
        ["PYTHONHASHSEED"] = "0",
    };

    public static bool IsInstalled(string tool) => Path.Any(folder => File.Exists($"{folder}/{tool}"));

    /// <summary>The words that put what follows into a group, with the shell's redirections.</summary>
    public static IEnumerable<string> Enter(IResourceGroup? group, string redirections) =>
        [.. group?.Words ?? [], .. OpenFiles.Closed(string.Concat((group?.Doors ?? []).Select(door => $"echo 0 > '{door}' && ")), redirections)];

    /// <summary>The words that limit each process of what follows. Set inside of the sandbox, where only its own processes count.</summary>
    public static IEnumerable<string> Limits(SandboxOptions options, SandboxNeeds needs)
    {
        yield return "prlimit";
        yield return $"--as={(needs.AddressMb ?? options.MemoryMb) << 20}";
        yield return $"--nproc={options.Processes + needs.OwnProcesses}";
        yield return $"--fsize={(long)Math.Max(options.DiskMb, options.OutputMb + 1) << 20}";
        yield return "--core=0";
        yield return "--nofile=256";
        yield return "--sigpending=256";
        yield return "--msgqueue=0";
        yield return "--";
    }

    /// <summary>Starts it, with pipes for its standard input, output and errors.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process Of(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string folder = "/")
    {
        var start = new ProcessStartInfo(words[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var word in words.Skip(1)) start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach (var (name, value) in Environment.Concat(environment)) start.Environment[name] = value;
        return Launcher.Start(start);
    }
}
