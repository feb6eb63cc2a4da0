using System.ComponentModel;
using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>Starts a process that has three open files and no other, with posix_spawn(3) of glibc 2.34 or newer.</summary>
internal static partial class PosixSpawn
{
    private const string Library = "libc.so.6";
    private const int StructBytes = 1 << 10; // of posix_spawn_file_actions_t, which is opaque and takes 80

    /// <summary>What to say where it is not known.</summary>
    public const string Obstacle = "programs can be kept from the open files of this process with glibc 2.34 or newer only, so none is run here.";

    /// <summary>Whether the C library can; others have no way to close, in the child alone, files whose numbers nobody knows.</summary>
    public static bool IsKnown { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out var library) &&
        NativeLibrary.TryGetExport(library, "posix_spawn_file_actions_addclosefrom_np", out _);

    /// <param name="words">The program, looked for in PATH where it is a name alone, and its arguments.</param>
    /// <param name="variables">All of its environment, as NAME=value.</param>
    /// <param name="folder">Where it starts; null for this process's own.</param>
    /// <param name="files">What it has as standard input, output and errors.</param>
    /// <returns>Its id. Whoever starts it also has to wait for it.</returns>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static unsafe int Start(IReadOnlyList<string> words, IEnumerable<string> variables, string? folder, ReadOnlySpan<int> files)
    {
        var actions = stackalloc byte[StructBytes];
        Check(Begin(actions));
        try
        {
            for (var number = 0; number < files.Length; number++) Check(Duplicate(actions, files[number], number));
            Check(CloseFrom(actions, files.Length));
            if (folder is not null) Check(Enter(actions, folder));
            Check(Spawn(out var process, words[0], actions, null, [.. words, null], [.. variables, null]));
            return process;
        }
        finally
        {
            _ = End(actions);
        }
    }

    private static void Check(int error)
    {
        if (error != 0) throw new Win32Exception(error);
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int Begin(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static unsafe partial int Duplicate(byte* actions, int from, int to);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static unsafe partial int CloseFrom(byte* actions, int first);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Enter(byte* actions, string folder);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int End(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Spawn(out int process, string file, byte* actions, byte* attributes, string?[] words, string?[] variables);
}
