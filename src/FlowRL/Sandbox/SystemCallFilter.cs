using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>
/// What the kernel refuses to programs because no namespace and no limit bounds it: the keys of whoever started this process, sockets (which lead past
/// a network namespace to the host of a virtual machine, and hold megabytes that count as no process's memory), other memory that no process has to
/// map, and calls with which one process reaches into another or that have been ways into the kernel. A classic BPF program, as seccomp(2) takes it.
/// </summary>
internal static class SystemCallFilter
{
    private const int Missing = -1; // on that processor

    // x64's numbers and arm64's, from the kernel's tables.
    private static readonly Refusal[] Refusals =
    [
        new("add_key", 248, 217), new("request_key", 249, 218), new("keyctl", 250, 219),
        new("shmget", 29, 194), new("semget", 64, 190), new("msgget", 68, 186), new("mq_open", 240, 180),
        new("memfd_create", 319, 279), new("memfd_secret", 447, 447), new("vmsplice", 278, 75), new("io_setup", 206, 0),
        new("inotify_init", 253, Missing), new("inotify_init1", 294, 26), new("fanotify_init", 300, 262), new("landlock_create_ruleset", 444, 444),
        new("socket", 41, 198), new("setsockopt", 54, 208),
        // Local ones, by which event loops wake themselves, remain; setsockopt would make them larger.
        new("socketpair", 53, 199) { When = new(0, IsAllowed: true, (uint.MaxValue, 1)) },
        // F_SETLK, F_SETLKW and their kin, for which there is no limit any more, and F_SETPIPE_SZ, whose limit is the user's, not the program's.
        new("fcntl", 72, 25) { When = new(1, IsAllowed: false, [.. new uint[] { 6, 7, 37, 38, 1031 }.Select(command => (uint.MaxValue, command))]) },
        // MAP_SHARED with MAP_ANONYMOUS, which a process may hold without it showing, and MAP_HUGETLB, which never shows.
        new("mmap", 9, 222) { When = new(3, IsAllowed: false, (0x21, 0x21), (0x40000, 0x40000)) },
        new("ptrace", 101, 117), new("process_vm_readv", 310, 270), new("process_vm_writev", 311, 271), new("kcmp", 312, 272), new("pidfd_getfd", 438, 438),
        new("io_uring_setup", 425, 425), new("io_uring_enter", 426, 426), new("io_uring_register", 427, 427),
        new("userfaultfd", 323, 282), new("bpf", 321, 280), new("perf_event_open", 298, 241), new("syslog", 103, 116),
    ];

    // For programs in a sandbox in which there may be namespaces: unshare, setns, and clone with any of CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and
    // NET. Of clone3, whose flags no filter sees, is said that there is none, at which the C library takes clone.
    private static readonly Refusal[] Namespaces =
    [
        new("unshare", 272, 97), new("setns", 308, 268), new("clone3", 435, 435) { Outcome = NoSuchCall },
        new("clone", 56, 220)
        {
            When = new(0, IsAllowed: false, [.. new[] { 17, 25, 26, 27, 28, 29, 30 }.Select(bit => (1u << bit, 1u << bit))]),
        },
    ];

    private const ushort Load = 0x20, And = 0x54, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4, ArgumentsAt = 16; // in struct seccomp_data
    private const uint Allow = 0x7fff0000, NotPermitted = 0x00050001, NoSuchCall = 0x00050026, Kill = 0x80000000;
    private const uint OtherNumbering = 0x40000000; // x64 calls by the numbers of x32

    private static readonly Lazy<FileStream> Nameless = new(Write);

    /// <summary>Whether there is a filter for this processor; without one nothing may run.</summary>
    public static bool IsKnown => RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>A file with the filter, for processes of this user to open while this one lives; it has no name that could be left behind.</summary>
    public static string Path => $"/proc/{Environment.ProcessId}/fd/{Nameless.Value.SafeFileHandle.DangerousGetHandle()}";

    private static FileStream Write()
    {
        var file = new FileStream(System.IO.Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite);
        File.Delete(file.Name);
        file.Write(Program(RuntimeInformation.ProcessArchitecture == Architecture.X64));
        file.Flush();
        return file;
    }

    /// <summary>What is refused beside, where a sandbox may have namespaces in it and its programs may not.</summary>
    public static byte[] NoNamespaces => ProgramOfNamespaces(RuntimeInformation.ProcessArchitecture == Architecture.X64);

    internal static byte[] Program(bool isX64) => Program(isX64, Refusals);

    internal static byte[] ProgramOfNamespaces(bool isX64) => Program(isX64, Namespaces);

    private static byte[] Program(bool isX64, Refusal[] refusals)
    {
        var words = new List<Word>
        {
            new(Load, ArchitectureAt),
            new(JumpIfEqual, isX64 ? 0xc000003e : 0xc00000b7, 1, 0),
            new(Return, Kill), // a program of another architecture, whose calls have other numbers
            new(Load, NumberAt),
            new(JumpIfAtLeast, OtherNumbering, 0, 1),
            new(Return, NotPermitted),
        };
        foreach (var refusal in refusals)
        {
            if ((isX64 ? refusal.X64 : refusal.Arm64) is not (>= 0 and var number)) continue;
            Word[] body = refusal.When is { } condition ? [.. Decide(condition)] : [new(Return, refusal.Outcome)];
            words.AddRange([new(JumpIfEqual, (uint)number, 0, (byte)body.Length), .. body]);
        }
        words.Add(new(Return, Allow));
        return [.. words.SelectMany(word => word.Bytes())];
    }

    private static IEnumerable<Word> Decide(Condition condition)
    {
        foreach (var (mask, value) in condition.Cases)
        {
            yield return new(Load, ArgumentsAt + 8 * (uint)condition.Argument); // its lower half, which is all that these calls heed
            yield return new(And, mask);
            yield return new(JumpIfEqual, value, 0, 1);
            yield return new(Return, condition.IsAllowed ? Allow : NotPermitted);
        }
        yield return new(Return, condition.IsAllowed ? NotPermitted : Allow);
    }

    /// <param name="Name">The call.</param>
    /// <param name="X64">Its number.</param>
    /// <param name="Arm64">Its number there.</param>
    private sealed record Refusal(string Name, int X64, int Arm64)
    {
        /// <summary>What decides; null where the call is refused always.</summary>
        public Condition? When { get; init; }

        /// <summary>What is said to who calls.</summary>
        public uint Outcome { get; init; } = NotPermitted;
    }

    /// <summary>An argument whose masked value is one of those that are named, and whether these are allowed or refused; the others are the opposite.</summary>
    private sealed record Condition(int Argument, bool IsAllowed, params (uint Mask, uint Value)[] Cases);

    /// <summary>A word of the program; jumps are counted from the one behind it.</summary>
    private readonly record struct Word(ushort Code, uint Value, byte IfTrue = 0, byte IfFalse = 0)
    {
        public byte[] Bytes()
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, Code);
            (bytes[2], bytes[3]) = (IfTrue, IfFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Value);
            return bytes;
        }
    }
}
