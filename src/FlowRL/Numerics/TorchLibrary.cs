using System.Runtime.InteropServices;

namespace FlowRL.Numerics;

/// <summary>Native functions that the tensor library exports beside those that TorchSharp wraps.</summary>
internal static class TorchLibrary
{
    private static readonly nint Handle =
        NativeLibrary.TryLoad("torch_cpu", typeof(TorchSharp.torch).Assembly, DllImportSearchPath.AssemblyDirectory, out var handle) ? handle : 0;

    /// <summary>The address of a function, or 0 where the library is missing or has no such function.</summary>
    public static nint Export(string name) => Handle != 0 && NativeLibrary.TryGetExport(Handle, name, out var address) ? address : 0;
}
