using System.Runtime.InteropServices;

namespace FlowRL.Tests.Support;

/// <summary>
/// A hundred open files that a process started from here inherits unless it is kept from them: half are the folder /, half a file of the host's to
/// write to. Their numbers are low, around those that matter to shells and limits, and high.
/// </summary>
public sealed partial class InheritableDescriptors : IDisposable
{
    /// <summary>All numbers are lower.</summary>
    public const int Bound = 4096;

    /// <summary>Where the file that is written to is read and written next, by which whoever has it is known.</summary>
    public const long Place = 314159;

    /// <summary>Python: which descriptors are open, and through which of them a folder of the host's is.</summary>
    public const string Python = """
        import os
        def is_open(number):
            try:
                os.fstat(number)
                return True
            except OSError:
                return False
        def leads_out(number):
            try:
                os.close(os.open("usr", os.O_RDONLY, dir_fd=number))
                return True
            except OSError:
                return False
        def seen():
            return [number for number in range(4096) if is_open(number)]
        def reached():
            return [number for number in range(3, 4096) if leads_out(number)]

        """;

    private const int ReadOnly = 0, ReadWrite = 2, Duplicate = 0; // O_RDONLY, O_RDWR, F_DUPFD: none sets FD_CLOEXEC
    private static readonly int[] AtLeast = [3, 9, 10, 64, 200, 255, 256, 1000, 3000];
    private readonly TemporaryFolder _folder = new();
    private readonly List<int> _numbers = [];

    public InheritableDescriptors()
    {
        var path = _folder.Write("host", "the host's");
        var (root, file) = (Open("/", ReadOnly), Open(path, ReadWrite));
        _numbers.AddRange([root, file]);
        while (_numbers.Count < 100)
            _numbers.Add(Control(_numbers.Count % 2 == 0 ? root : file, Duplicate, AtLeast[_numbers.Count / 2 % AtLeast.Length]));
        Assert.All(_numbers, number => Assert.InRange(number, 0, Bound - 1));
        Assert.InRange(Highest, 3000, Bound);
        Assert.Equal(Place, Seek(file, Place, 0));
    }

    /// <summary>The greatest of their numbers.</summary>
    public int Highest => _numbers.Max();

    /// <summary>Whether nobody wrote to the host's file.</summary>
    public bool AreUntouched => File.ReadAllText(_folder.In("host")) == "the host's" && Seek(_numbers[1], 0, 1) == Place;

    public void Dispose()
    {
        foreach (var number in _numbers) _ = Close(number);
        _folder.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int value);

    [LibraryImport("libc", EntryPoint = "lseek")]
    private static partial long Seek(int descriptor, long offset, int from);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
