using System.Buffers.Binary;
using FlowRL.Sandbox;

namespace FlowRL.Tests.Sandbox;

/// <summary>The filter's program, run as the kernel would.</summary>
public sealed class SystemCallFilterTests
{
    private const uint Allowed = 0x7fff0000, NotPermitted = 0x00050001, Killed = 0x80000000;
    private const uint X64 = 0xc000003e, Arm64 = 0xc00000b7, X86 = 0x40000003;

    [Theory]
    [InlineData(X64, 0, 0, Allowed)] // read
    [InlineData(X64, 319, 0, Allowed)] // memfd_create, which holds what whole programs read and print
    [InlineData(X64, 250, 0, NotPermitted)] // keyctl
    [InlineData(X64, 103, 0, NotPermitted)] // syslog, the last of the list
    [InlineData(X64, 41, 1, Allowed)] // socket, local
    [InlineData(X64, 41, 10, Allowed)]
    [InlineData(X64, 41, 40, NotPermitted)] // to the host of a virtual machine
    [InlineData(X64, 0x40000000 + 250, 0, NotPermitted)]
    [InlineData(Arm64, 63, 0, Allowed)] // read
    [InlineData(Arm64, 219, 0, NotPermitted)] // keyctl
    [InlineData(Arm64, 198, 2, Allowed)]
    [InlineData(Arm64, 198, 40, NotPermitted)]
    [InlineData(Arm64, 41, 40, Allowed)] // pivot_root, which needs a right that no program has
    public void Calls_that_no_namespace_bounds_are_refused(uint architecture, uint number, uint argument, uint outcome) =>
        Assert.Equal(outcome, Run(SystemCallFilter.Program(architecture == X64), architecture, number, argument));

    [Theory]
    [InlineData(true, Arm64)]
    [InlineData(true, X86)]
    [InlineData(false, X64)]
    public void A_call_by_other_numbers_ends_the_program(bool isX64, uint architecture) =>
        Assert.Equal(Killed, Run(SystemCallFilter.Program(isX64), architecture, 0, 0));

    private static uint Run(byte[] program, uint architecture, uint number, uint argument)
    {
        var (at, loaded) = (0, 0u);
        while (true)
        {
            var word = program.AsSpan(at++ * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(word[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(word))
            {
                case 0x20:
                    loaded = value switch { 0 => number, 4 => architecture, 16 => argument, _ => throw new ArgumentOutOfRangeException(nameof(program)) };
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
