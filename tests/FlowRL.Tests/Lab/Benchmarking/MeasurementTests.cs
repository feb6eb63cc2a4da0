using FlowRL.Checkpoints;
using FlowRL.Lab.Benchmarking;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Lab.Benchmarking;

/// <summary>One class, so that no test sets back the peak that another one is about to read.</summary>
public sealed class MeasurementTests
{
    private static readonly BenchmarkShape Tiny = new("tiny", BenchmarkShape.Llama(61, 64, 2, 2, 96, context: 24), Sequences: 4, TrainSequences: 3)
    { PromptTokens = 8, NewTokens = 12, DecodesOne = true };

    private static readonly BenchOptions Quick = new(Repeat: 2, WarmUpSeconds: 0);
    private static readonly Ceilings Machine = new(10_000, 1_000); // more than any machine's, so that no share of it passes 1

    [Fact]
    public void A_shape_is_measured_whole()
    {
        var said = new List<string>();
        var report = ShapeBenchmark.Measure(Tiny, Quick, said.Add, CancellationToken.None)(Machine);
        Assert.Equal(["tiny: sampling 1 side by side", "tiny: sampling 4 side by side", "tiny: training 3 sequences"], said);
        Assert.Equal(4 * 12 / report.Decode.Seconds, report.Decode.TokensPerSecond, 1e-6);
        Assert.Equal(12 / report.DecodeOne!.Seconds, report.DecodeOne.TokensPerSecond, 1e-6);
        Assert.Equal(3 * 20 / report.Train.Seconds, report.Train.TokensPerSecond, 1e-6);
        Assert.Equal(["packing", "prefill", "steps", "drawing", "rest"], report.Decode.Time.Keys);
        Assert.Equal(["forward", "backward", "optimizer"], report.Train.Time.Keys);
        Assert.NotNull(report.Train.PaddingShare);
        foreach (var measured in new[] { report.Decode, report.DecodeOne, report.Train })
        {
            Assert.Equal(2, measured.Runs.Count);
            Assert.True(measured.SpeedupOverTensor > 0);
            Assert.InRange(measured.RooflineFraction, 1e-9, 1);
            Assert.Equal(measured.PeakBytes, measured.Memory.Values.Sum());
            Assert.Equal(measured.Runs.Average(), measured.Time.Values.Sum(), measured.Runs.Average() * 0.01);
            Assert.All(measured.Time.Values, seconds => Assert.True(seconds >= 0));
        }
        // fp32: the embedding (61 × 64, tied), and a layer of 4 × 64² + 3 × 64 × 96 weights and 2 norms; the last norm.
        const long weights = 4 * (61 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 96 + 2 * 64) + 64);
        Assert.Equal((weights / 4, weights, weights, weights, 2 * weights), (report.Parameters, report.Decode.Memory["weights"],
            report.Train.Memory["weights"], report.Train.Memory["gradients"], report.Train.Memory["optimizer"]));
        // Two layers of keys and values for 8 tokens of 4 prompts and 12 of 4 responses.
        Assert.Equal(4L * 2 * 2 * 64 * 4 * (8 + 12), report.Decode.Memory["cache"]);
        Assert.InRange(report.Decode.Memory["packed_weights"], weights, 2 * weights);
    }

    [Fact]
    public void A_recipe_is_measured_on_its_own_problems()
    {
        var recipe = TinyRuns.Recipe();
        using var model = PretrainedModel.Load(recipe.Model);
        using var reference = PretrainedModel.Load(recipe.Model);
        reference.Decoder.Weights.RequireGradient(false);
        var before = Bits(model.Decoder.Weights.First().Value);
        var report = RecipeBenchmark.Measure(recipe, recipe.Task.Create(), model, reference.Decoder, Quick, _ => { }, CancellationToken.None)(Machine);
        Assert.Equal(before, Bits(model.Decoder.Weights.First().Value)); // each repetition does the same
        var weights = 4 * report.Parameters;
        foreach (var measured in new[] { report.Decode, report.Reference!, report.Train })
        {
            Assert.Equal((weights, weights, weights, 2 * weights),
                (measured.Memory["weights"], measured.Memory["reference"], measured.Memory["gradients"], measured.Memory["optimizer"]));
            Assert.InRange(measured.RooflineFraction, 1e-9, 1);
            Assert.Null(measured.SpeedupOverTensor);
        }
        Assert.InRange(report.Decode.TokensPerSecond * report.Decode.Seconds, 16, 16 * 12 + 0.5);
        // Two passes over prompts and responses.
        Assert.True(report.Train.TokensPerSecond * report.Train.Seconds > 2 * report.Decode.TokensPerSecond * report.Decode.Seconds);
    }

    [Fact]
    public void Growth_measures_one_size()
    {
        var point = GrowthBenchmark.Measure(new(Vocabulary: 64, Width: 32, Sequences: 4, NewTokens: 4), parameters => parameters, Quick, CancellationToken.None);
        // 6 layers of 4 × 32² + 3 × 32 × 84 weights and 2 norms; the embedding; the last norm.
        Assert.Equal(6 * (4 * 32 * 32 + 3 * 32 * 84 + 2 * 32) + 64 * 32 + 32, point.Size);
        Assert.True(point.DecodeSeconds > 0 && point.TrainSeconds > 0);
        Assert.True(point.TrainBytes >= 4 * 4 * point.Size, "weights, gradients and two moments are resident");
    }

    [Fact]
    public void A_cancelled_measurement_ends() => Assert.ThrowsAny<OperationCanceledException>(() =>
        ShapeBenchmark.Measure(Tiny, Quick, _ => { }, new CancellationToken(canceled: true)));

    [Fact]
    public void The_peak_holds_what_was_freed_and_can_be_forgotten()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a process set its mark of resident memory back.");
        const long block = 512L << 20;
        var before = PeakMemory.Reset();
        using (ones(block / 4)) { }
        Assert.True(PeakMemory.Bytes >= before + block / 2, "the peak misses memory that is free again");
        var peak = PeakMemory.Bytes;
        PeakMemory.Reset();
        Assert.True(PeakMemory.Bytes < peak - block / 4, "the peak is still the old one");
    }

    [Fact]
    public void What_nobody_owns_are_activations() => Assert.Equal(
        [("runtime", 60L), ("weights", 30L), ("cache", 50L), ("activations", 15L)],
        PeakMemory.ByOwner(155, 90, [("weights", 30), ("reference", 0)], ("cache", 50)).Select(pair => (pair.Key, pair.Value)));

    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 3 }, 2.5)]
    public void The_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Alternation.Median(values));

    [Fact]
    public void Contestants_take_turns()
    {
        var turns = "";
        double Turn(string who)
        {
            turns += who;
            return turns.Length;
        }
        Assert.Equal([[1, 3], [2, 4]], Alternation.Run(Quick, CancellationToken.None, () => Turn("a"), () => Turn("b")));
        Assert.Equal("abab", turns);
    }

    private static byte[] Bits(Tensor weight) => weight.bytes.ToArray();
}
