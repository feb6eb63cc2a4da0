using System.Runtime.InteropServices;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>Starts FlowRL.CSharp, which compiles and runs C#, in sandboxes. Owns a copy of it that the sandbox's user can read.</summary>
internal sealed class CSharpHost : IDisposable
{
    private const string Assembly = "FlowRL.CSharp.dll";
    private readonly ISandbox _sandbox;
    private readonly string _folder;
    private readonly bool _isCopy;
    private readonly string _runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
    private readonly SandboxNeeds _needs;

    /// <exception cref="BadInputException">FlowRL.CSharp is not beside this assembly.</exception>
    public CSharpHost(ISandbox sandbox, SandboxOptions options)
    {
        var own = AppContext.BaseDirectory;
        if (!File.Exists(Path.Combine(own, Assembly)))
            throw new BadInputException($"C# programs are compiled by {Assembly}, which is not in {own}; " +
                "reference the FlowRL.CSharp project, or use the flowrl tool.");
        _sandbox = sandbox;
        // Root's folders are closed to the user that programs run as.
        _isCopy = Environment.IsPrivilegedProcess;
        _folder = _isCopy ? Copy(own) : own;
        // Tasks live as long as the process, and nobody else removes the copy then.
        if (_isCopy) AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        _needs = new SandboxNeeds
        {
            Proc = true,
            LimitsAddressSpace = false,
            Folders = _runtime.StartsWith("/usr/", StringComparison.Ordinal) ? [_folder] : [_folder, _runtime],
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

    public SandboxedProcess Start(string work) => _sandbox.Start([Path.Combine(_runtime, "dotnet"), Path.Combine(_folder, Assembly), work], _needs);

    public void Dispose()
    {
        if (_isCopy && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static string Copy(string own)
    {
        var folder = Directory.CreateTempSubdirectory("flowrl-csharp-").FullName;
        foreach (var file in Directory.GetFiles(own, "FlowRL.CSharp.*").Concat(Directory.GetFiles(own, "Microsoft.CodeAnalysis*.dll")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        return folder;
    }
}
