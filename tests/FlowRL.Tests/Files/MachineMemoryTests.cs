using FlowRL.Files;

namespace FlowRL.Tests.Files;

public sealed class MachineMemoryTests
{
    [Fact]
    public void The_machine_has_some_memory_and_not_more_than_it_can_have() => Assert.InRange(MachineMemory.Bytes, 1L << 28, 1L << 46);

    [Fact]
    public void What_cannot_fit_is_refused_by_its_parts_and_what_only_may_not_is_let_through()
    {
        KeyValuePair<string, long>[] parts = [new("weights", 6_000_000_000), new("gradients", 0), new("cache", 4_000_000)];
        MachineMemory.Require("run.yaml: this run", parts, "take a smaller model", most: 6_004_000_000);
        Assert.Equal("run.yaml: this run needs at least 6.0 GB of memory (weights 6.0 GB, cache 4 MB), and 6.0 GB is all that this machine gives; " +
            "take a smaller model.", Assert.Throws<BadInputException>(() => MachineMemory.Require(
                "run.yaml: this run", parts, "take a smaller model", most: 6_003_999_999)).Message);
        // Sums beyond what a number of bytes can be.
        Assert.Throws<BadInputException>(() => MachineMemory.Require("it", [new("a", long.MaxValue), new("b", long.MaxValue)], "do less", long.MaxValue));
    }
}
