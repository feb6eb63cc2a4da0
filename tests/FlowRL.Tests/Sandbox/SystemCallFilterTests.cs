using System.Buffers.Binary;
using FlowRL.Sandbox;

namespace FlowRL.Tests.Sandbox;

/// <summary>The filter's program, run as the kernel would.</summary>
public sealed class SystemCallFilterTests
{
    private const uint Allowed = 0x7fff0000, NotPermitted = 0x00050001, Killed = 0x80000000;
    private const uint X64 = 0xc000003e, Arm64 = 0xc00000b7, X86 = 0x40000003;

    [Theory]
    [InlineData(X64, 0, Allowed)] // read
    [InlineData(X64, 250, NotPermitted)] // keyctl
    [InlineData(X64, 103, NotPermitted)] // syslog, the last of the list
    [InlineData(X64, 319, NotPermitted)] // memfd_create
    [InlineData(X64, 41, NotPermitted)] // socket
    [InlineData(X64, 54, NotPermitted)] // setsockopt
    [InlineData(X64, 253, NotPermitted)] // inotify_init
    [InlineData(X64, 0x40000000 + 250, NotPermitted)]
    [InlineData(Arm64, 63, Allowed)] // read
    [InlineData(Arm64, 219, NotPermitted)] // keyctl
    [InlineData(Arm64, 198, NotPermitted)] // socket
    [InlineData(Arm64, 0, NotPermitted)] // io_setup
    [InlineData(Arm64, 253, Allowed)] // none that is refused: x64's inotify_init
    [InlineData(Arm64, 41, Allowed)] // pivot_root, which needs a right that no program has
    public void Calls_that_nothing_else_bounds_are_refused(uint architecture, uint number, uint outcome) =>
        Assert.Equal(outcome, Run(SystemCallFilter.Program(architecture == X64), architecture, number, []));

    [Theory]
    [InlineData(53, 199, 0, 1, Allowed)] // socketpair, local
    [InlineData(53, 199, 0, 2, NotPermitted)]
    [InlineData(53, 199, 0, 40, NotPermitted)]
    [InlineData(72, 25, 1, 1, Allowed)] // fcntl: F_GETFD
    [InlineData(72, 25, 1, 6, NotPermitted)] // F_SETLK
    [InlineData(72, 25, 1, 38, NotPermitted)] // F_OFD_SETLKW
    [InlineData(72, 25, 1, 1031, NotPermitted)] // F_SETPIPE_SZ
    [InlineData(9, 222, 3, 0x22, Allowed)] // mmap: private, of no file
    [InlineData(9, 222, 3, 0x01, Allowed)] // shared, of a file
    [InlineData(9, 222, 3, 0x21, NotPermitted)] // shared, of no file
    [InlineData(9, 222, 3, 0x23, NotPermitted)] // MAP_SHARED_VALIDATE
    [InlineData(9, 222, 3, 0x8021, NotPermitted)] // with MAP_POPULATE
    [InlineData(9, 222, 3, 0x40022, NotPermitted)] // huge pages
    [InlineData(9, 222, 3, 0x4022, Allowed)] // MAP_NORESERVE
    public void Some_calls_depend_on_what_they_ask(uint x64, uint arm64, int argument, uint value, uint outcome)
    {
        var arguments = new uint[6];
        arguments[argument] = value;

        Assert.Equal(outcome, Run(SystemCallFilter.Program(isX64: true), X64, x64, arguments));
        Assert.Equal(outcome, Run(SystemCallFilter.Program(isX64: false), Arm64, arm64, arguments));
    }

    [Theory]
    [InlineData(true, Arm64)]
    [InlineData(true, X86)]
    [InlineData(false, X64)]
    public void A_call_by_other_numbers_ends_the_program(bool isX64, uint architecture) =>
        Assert.Equal(Killed, Run(SystemCallFilter.Program(isX64), architecture, 0, []));

    /// <summary>Clone by the flags that it has; of clone3, whose flags lie in memory, is said that there is none.</summary>
    [Theory]
    [InlineData(272, 97, 0, NotPermitted)] // unshare
    [InlineData(308, 268, 0, NotPermitted)] // setns
    [InlineData(435, 435, 0, 0x00050026)] // clone3
    [InlineData(56, 220, 0x003d0f00, Allowed)] // clone: a thread
    [InlineData(56, 220, 0x01200011, Allowed)] // a fork
    [InlineData(56, 220, 0x10000011, NotPermitted)] // with users of its own
    [InlineData(56, 220, 0x00020011, NotPermitted)] // mounts
    [InlineData(56, 220, 0x02000011, NotPermitted)] // control groups
    [InlineData(56, 220, 0x04000011, NotPermitted)] // host names
    [InlineData(56, 220, 0x08000011, NotPermitted)] // queues
    [InlineData(56, 220, 0x20000011, NotPermitted)] // processes
    [InlineData(56, 220, 0x40000011, NotPermitted)] // a network
    [InlineData(63, 165, 0, Allowed)] // uname, getrusage
    public void Programs_in_a_nursery_make_no_namespaces(uint x64, uint arm64, uint flags, uint outcome)
    {
        Assert.Equal(outcome, Run(SystemCallFilter.ProgramOfNamespaces(isX64: true), X64, x64, [flags]));
        Assert.Equal(outcome, Run(SystemCallFilter.ProgramOfNamespaces(isX64: false), Arm64, arm64, [flags]));
    }

    private static uint Run(byte[] program, uint architecture, uint number, uint[] arguments)
    {
        var (at, loaded) = (0, 0u);
        while (true)
        {
            var word = program.AsSpan(at++ * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(word[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(word))
            {
                case 0x20:
                    loaded = value switch { 0 => number, 4 => architecture, _ => arguments.ElementAtOrDefault((int)(value - 16) / 8) };
                    break;
                case 0x54:
                    loaded &= value;
                    break;
                case 0x15:
                    at += loaded == value ? word[2] : word[3];
                    break;
                case 0x35:
                    at += loaded >= value ? word[2] : word[3];
                    break;
                case 0x06:
                    return value;
                default:
                    throw new ArgumentOutOfRangeException(nameof(program));
            }
        }
    }
}
