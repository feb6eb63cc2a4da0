using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Starts FlowRL.CSharp, which compiles and runs C#, in sandboxes: with the runtime that runs this process, which lies in the same folder where the
/// application is self-contained. Owns a copy that the sandbox's user can read.
/// </summary>
internal sealed class CSharpHost : IDisposable
{
    private const string Name = "FlowRL.CSharp";
    private static readonly string[] AssetKinds = ["runtime", "native"];
    private readonly ISandbox _sandbox;
    private readonly HostCopy? _copy;
    private readonly string[] _command;
    private readonly SandboxNeeds _needs;

    /// <exception cref="BadInputException">FlowRL.CSharp is not beside this assembly.</exception>
    public CSharpHost(ISandbox sandbox, SandboxOptions options)
    {
        var own = AppContext.BaseDirectory;
        if (!File.Exists(Path.Combine(own, $"{Name}.dll")))
            throw new BadInputException($"C# programs are compiled by {Name}.dll, which is not in {own}; " +
                "reference the FlowRL.CSharp project, or use the flowrl tool (as a folder, not as a single file).");
        _sandbox = sandbox;
        // Root's folders are closed to the user that programs run as.
        _copy = Environment.IsPrivilegedProcess ? new HostCopy(Parts(own)) : null;
        var folder = _copy?.Folder ?? own;
        var framework = RuntimeEnvironment.GetRuntimeDirectory();
        var isSelfContained = Path.TrimEndingDirectorySeparator(framework) == Path.TrimEndingDirectorySeparator(own);
        var installed = Path.GetFullPath(Path.Combine(framework, "../../.."));
        _command = isSelfContained ? [Path.Combine(folder, Name)] : [Path.Combine(installed, "dotnet"), Path.Combine(folder, $"{Name}.dll")];
        _needs = new SandboxNeeds
        {
            Proc = true,
            // The heap's bound is reserved five times, and a few GiB for code; what is never touched costs nothing.
            AddressMb = 8L * options.MemoryMb + (8 << 10),
            Folders = isSelfContained || installed.StartsWith("/usr/", StringComparison.Ordinal) ? [folder] : [folder, installed],
            Environment = new Dictionary<string, string>
            {
                ["DOTNET_GCHeapHardLimit"] = $"0x{(long)options.MemoryMb << 20:x}",
                ["DOTNET_EnableDiagnostics"] = "0",
                ["DOTNET_EnableWriteXorExecute"] = "0", // it reserves memory as a file, beyond the limit on files
                ["DOTNET_PROCESSOR_COUNT"] = "1",
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            },
        };
    }

    public SandboxedProcess Start(string work) => _sandbox.Start([.. _command, work], _needs);

    public void Dispose() => _copy?.Dispose();

    /// <summary>The host's own files and what it depends on in this folder; of a self-contained application, that is the runtime too.</summary>
    private static IEnumerable<string> Parts(string own)
    {
        var dependencies = JsonNode.Parse(File.ReadAllText(Path.Combine(own, $"{Name}.deps.json")))!["targets"]!.AsObject()
            .SelectMany(target => target.Value!.AsObject())
            .SelectMany(library => AssetKinds.SelectMany(kind => library.Value![kind]?.AsObject() ?? []))
            .Select(asset => Path.Combine(own, Path.GetFileName(asset.Key)));
        return Directory.GetFiles(own, $"{Name}.*").Append(Path.Combine(own, Name)).Concat(dependencies).Where(File.Exists).Distinct();
    }
}
