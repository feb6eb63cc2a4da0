using FlowRL.Lab.Benchmarking;

namespace FlowRL.Tests.Cli;

/// <summary>A result with round numbers.</summary>
internal static class BenchReports
{
    public static BenchReport Example { get; } = new(
        new Machine
        {
            CpuModel = "Example CPU",
            Processors = 4,
            Threads = 2,
            Architecture = "X64",
            VectorBits = 512,
            MemoryGigabytes = 25.3,
            Framework = ".NET 10",
            Libtorch = "2.10",
            System = "Linux",
        },
        new Dictionary<string, ShapeReport>
        {
            ["S"] = new()
            {
                Parameters = 4_803_840,
                Ceilings = new Ceilings(300, 24),
                Decode = Part(9000, 0.6, 1.5, ("prefill", 0.25), ("steps", 1.75)) with
                {
                    Runs = [2, 1.9, 2.85],
                    Memory = Bytes(("weights", 19_200_000), ("cache", 302_000_000)),
                },
                Train = Part(6000, 0.65, 1.25, ("forward", 0.5)) with { PaddingShare = 0.0312, Memory = Bytes(("weights", 19_200_000), ("activations", 1_230_000_000)) },
            },
        });

    /// <summary>Twice as large: sampling twice, training four times as long; memory of sampling stays, that of training grows by √2.</summary>
    public static GrowthReport Growth { get; } = new(Example.Machine,
    [
        new("vocabulary", [new(512, 1.5, 40_000_000, 0.5, 100_000_000), new(1024, 3, 40_000_000, 2, 141_421_356)]),
        new("sequences", [new(1, 1, 1, 1, 1), new(10, 10, 10, 10, 10)]),
    ]);

    private static Measured Part(double speed, double fraction, double speedup, params (string Part, double Seconds)[] time) => new()
    {
        TokensPerSecond = speed,
        RooflineFraction = fraction,
        SpeedupOverTensor = speedup,
        PeakBytes = 560_000_000,
        Seconds = 2,
        Runs = [2],
        Time = time.ToDictionary(part => part.Part, part => part.Seconds),
        Memory = Bytes(),
        Roofline = "work / speed",
    };

    private static Dictionary<string, long> Bytes(params (string Owner, long Bytes)[] owners) => owners.ToDictionary(part => part.Owner, part => part.Bytes);
}
