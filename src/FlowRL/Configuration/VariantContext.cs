using System.Reflection;
using System.Runtime.Loader;

namespace FlowRL.Configuration;

/// <summary>
/// Where an assembly of the user's finds what it needs: first what the running program has, then what lies beside it. FlowRL and TorchSharp are the
/// program's in any case: a second copy would have a second ITask, and a second libtorch.
/// </summary>
internal sealed class VariantContext : AssemblyLoadContext
{
    private readonly string _folder;
    private readonly AssemblyDependencyResolver? _resolver;

    public VariantContext(string file) : base(Path.GetFileNameWithoutExtension(file))
    {
        _folder = Path.GetDirectoryName(file)!;
        try
        {
            _resolver = new AssemblyDependencyResolver(file);
        }
        catch (InvalidOperationException)
        {
            // Its .deps.json names files that are not there, or there is no host to read it: what lies beside it still counts.
        }
    }

    /// <summary>Whether the program's own copy is the only one.</summary>
    public static bool IsShared(AssemblyName name) =>
        name.Name is "TorchSharp" or "FlowRL" or "FlowRL.Lab" or "FlowRL.Cli" or "FlowRL.CSharp" or "FlowRL.Server";

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        try
        {
            return Default.LoadFromAssemblyName(assemblyName);
        }
        catch (Exception elsewhere) when (elsewhere is FileNotFoundException or FileLoadException && !IsShared(assemblyName))
        {
            var file = _resolver?.ResolveAssemblyToPath(assemblyName) ?? Path.Combine(_folder, $"{assemblyName.Name}.dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is { } file ? LoadUnmanagedDllFromPath(file) : 0;
}
