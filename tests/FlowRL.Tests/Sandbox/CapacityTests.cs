using FlowRL.Sandbox;

namespace FlowRL.Tests.Sandbox;

public sealed class CapacityTests
{
    [Theory]
    [InlineData(512, 2, 22000, 4)]
    [InlineData(512, 64, 22000, 21)] // two sandboxes a verdict
    [InlineData(512, 2, 2048, 2)]
    [InlineData(512, 2, 100, 1)]
    [InlineData(1 << 20, 8, 1 << 19, 1)]
    [InlineData(64, 1, 1 << 20, 2)]
    public void Verdicts_are_two_a_core_where_memory_is_free(int memory, int cores, long free, int verdicts) =>
        Assert.Equal(verdicts, Capacity.Verdicts(new SandboxOptions { MemoryMb = memory }, cores, free));

    [Fact]
    public void This_machine_has_room_for_some() => Assert.InRange(Capacity.Verdicts(new SandboxOptions()), 1, 2 * Environment.ProcessorCount);
}
