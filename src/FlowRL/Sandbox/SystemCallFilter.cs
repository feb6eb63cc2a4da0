using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowRL.Sandbox;

/// <summary>
/// What the kernel refuses to programs because no namespace bounds it: the keys of whoever started this process, sockets that lead past a network
/// namespace (to the host of a virtual machine, for one), memory that belongs to no process, and calls with which one process reaches into another or
/// that have been ways into the kernel. A classic BPF program, as seccomp(2) takes it.
/// </summary>
internal static class SystemCallFilter
{
    // x64's numbers and arm64's, from the kernel's tables.
    private static readonly (string Name, uint X64, uint Arm64)[] Refused =
    [
        ("add_key", 248, 217), ("request_key", 249, 218), ("keyctl", 250, 219),
        ("shmget", 29, 194), ("semget", 64, 190), ("msgget", 68, 186), ("mq_open", 240, 180), ("memfd_secret", 447, 447),
        ("ptrace", 101, 117), ("process_vm_readv", 310, 270), ("process_vm_writev", 311, 271), ("kcmp", 312, 272), ("pidfd_getfd", 438, 438),
        ("io_uring_setup", 425, 425), ("io_uring_enter", 426, 426), ("io_uring_register", 427, 427),
        ("userfaultfd", 323, 282), ("bpf", 321, 280), ("perf_event_open", 298, 241), ("syslog", 103, 116),
    ];

    // Local, IPv4, IPv6: those that a network namespace bounds and programs use.
    private static readonly uint[] SocketFamilies = [1, 2, 10];
    private static readonly (uint X64, uint Arm64) Socket = (41, 198);

    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, Return = 0x06;
    private const uint NumberAt = 0, ArchitectureAt = 4, FirstArgumentAt = 16; // in struct seccomp_data
    private const uint Allow = 0x7fff0000, NotPermitted = 0x00050001, Kill = 0x80000000;
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

    internal static byte[] Program(bool isX64)
    {
        var words = new List<(ushort Code, byte IfTrue, byte IfFalse, uint Value)>
        {
            (Load, 0, 0, ArchitectureAt),
            (JumpIfEqual, 1, 0, isX64 ? 0xc000003e : 0xc00000b7),
            (Return, 0, 0, Kill), // a program of another architecture, whose calls have other numbers
            (Load, 0, 0, NumberAt),
            (JumpIfAtLeast, 0, 1, OtherNumbering),
            (Return, 0, 0, NotPermitted),
        };
        foreach (var (_, x64, arm64) in Refused) words.AddRange([(JumpIfEqual, 0, 1, isX64 ? x64 : arm64), (Return, 0, 0, NotPermitted)]);
        words.AddRange([(JumpIfEqual, 1, 0, isX64 ? Socket.X64 : Socket.Arm64), (Return, 0, 0, Allow), (Load, 0, 0, FirstArgumentAt)]);
        foreach (var family in SocketFamilies) words.AddRange([(JumpIfEqual, 0, 1, family), (Return, 0, 0, Allow)]);
        words.Add((Return, 0, 0, NotPermitted));
        var bytes = new byte[words.Count * 8];
        foreach (var (index, (code, ifTrue, ifFalse, value)) in words.Index())
        {
            var at = bytes.AsSpan(index * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code);
            (at[2], at[3]) = (ifTrue, ifFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], value);
        }
        return bytes;
    }
}
