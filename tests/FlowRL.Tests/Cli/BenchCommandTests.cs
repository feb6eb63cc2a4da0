using FlowRL.Cli;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

public sealed class BenchCommandTests
{
    [Fact]
    public async Task Tables_for_people()
    {
        var run = await ToolRun.Of("bench", "--shapes", "S");
        Assert.Equal((0, "measuring 3 times\nwarning: S, decode: the slowest run took 1.5 times as long as the fastest; the machine is busy, " +
            "and its numbers are rough.\n"), (run.Code, run.Error));
        Assert.Equal("""
            Example CPU, 2 threads, 512-bit vectors, 25 GB; .NET 10, libtorch 2.10, Linux

            4,803,840 parameters; this machine: 300 GFLOP/s of fp32 products, 24.0 GB/s read from memory
            S       tokens/s  of roofline  × tensor  seconds    peak
            decode     9,000          60%      1.50    2.000  560 MB
            train      6,000          65%      1.25    2.000  560 MB
            time        decode    train
              prefill  0.250 s
              steps    1.750 s
              forward           0.500 s
            memory         decode    train
              weights       19 MB    19 MB
              cache        302 MB
              activations          1.23 GB
            roofline of decode: work / speed
            roofline of train: work / speed
            lost to responses of different lengths: 3.1% of a training step

            """, run.Output);
    }

    [Fact]
    public async Task One_object_for_programs_and_a_file()
    {
        using var folder = new TemporaryFolder();
        var engine = new StubEngine();
        var run = await ToolRun.Of(engine, "bench", "--shapes", "S,M", "--threads", "3", "--json", "--out", folder.In("new.json"));
        Assert.Equal(run.Output, File.ReadAllText(folder.In("new.json")));
        var shape = run.Json["shapes"]!["S"]!;
        Assert.Equal((9000.0, 1.25, 560_000_000L, 0.0312), ((double)shape["decode"]!["tokens_per_second"]!,
            (double)shape["train"]!["speedup_over_tensor"]!, (long)shape["decode"]!["peak_bytes"]!, (double)shape["train"]!["padding_share"]!));
        Assert.Equal("Example CPU", (string)run.Json["machine"]!["cpu_model"]!);
        Assert.Equal(24, (double)shape["ceilings"]!["read_gigabytes"]!);
        var work = Assert.IsType<BenchWork.OfShapes>(engine.Measured);
        Assert.Equal(("S M", 3), (string.Join(' ', work.Shapes.Select(s => s.Name)), work.Threads));
    }

    [Fact]
    public async Task A_recipe_takes_overrides()
    {
        var engine = new StubEngine();
        Assert.Equal(0, (await ToolRun.Of(engine, "bench", "countdown", "--set", "rollout.slots=64", "--threads", "1")).Code);
        var recipe = Assert.IsType<BenchWork.OfRecipe>(engine.Measured).Recipe;
        Assert.Equal((64, 1, 32), (recipe.Rollout.Slots, recipe.Run.Threads, recipe.Rollout.Problems));
    }

    [Fact]
    public async Task Files_are_compared()
    {
        using var folder = new TemporaryFolder();
        string File(string name, string speed, int threads) => folder.Write(name, $"{{\"machine\": {{\"threads\": {threads}}}, " +
            $"\"shapes\": {{\"S\": {{\"decode\": {{\"tokens_per_second\": {speed}, \"roofline_fraction\": 0.5}}}}}}}}");
        var run = await ToolRun.Of("bench", "--compare", File("old.json", "8000", 2), File("new.json", "10000", 4));
        Assert.Equal((0, """
                                          old     new  new / old
            S decode tokens_per_second  8,000  10,000      1.250
            S decode roofline_fraction  0.500   0.500      1.000

            """, "warning: the machines differ: threads was 2, is 4.\n"), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task Growth_is_a_table_an_object_and_a_picture()
    {
        using var folder = new TemporaryFolder();
        var run = await ToolRun.Of("bench", "--growth", "--svg", folder.In("growth.svg"), "--out", folder.In("growth.json"));
        Assert.Equal(0, run.Code);
        Assert.Equal("""
            vocabulary  sampling s  sampling memory  training s  training memory
            512              1.500            40 MB       0.500           100 MB
            1,024            3.000            40 MB       2.000           141 MB
            exponent          1.00             0.00        2.00             0.50

            sequences   sampling s  sampling memory  training s  training memory
            1                1.000           0.0 MB       1.000           0.0 MB
            10              10.000           0.0 MB      10.000           0.0 MB
            exponent          1.00             1.00        1.00             1.00

            """, run.Output);
        var axis = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder.In("growth.json")))!["axes"]![0]!;
        Assert.Equal(("vocabulary", 512, 2), ((string)axis["name"]!, (int)axis["points"]![0]!["size"]!, Math.Round((double)axis["exponents"]!["train_seconds"]!, 6)));
        Assert.StartsWith("<svg xmlns=", File.ReadAllText(folder.In("growth.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench --growth --shapes S", "--growth: sizes around shape S are measured; leave out the recipe and --shapes.\n")]
    [InlineData("bench --svg a.svg", "--svg draws what --growth measures; add --growth.\n")]
    [InlineData("bench --shapes S,X", "--shapes: there is no shape 'X'; choose from S, M, Q and 135M, such as --shapes S,M.\n")]
    [InlineData("bench --repeat 0", "--repeat: 0 is out of range; use 1 or more.\nSee: flowrl bench --help\n")]
    [InlineData("bench --repeat x", "--repeat: 'x' is not a whole number.\nSee: flowrl bench --help\n")]
    [InlineData("bench --threads -1", "--threads: -1 is out of range; use 0 or more.\nSee: flowrl bench --help\n")]
    [InlineData("bench --out /no/such/file.json", "--out /no/such/file.json: there is no folder /no/such; create it, or give another path.\n")]
    [InlineData("bench --out /tmp", "--out /tmp: is a folder; give the path of a file.\n")]
    [InlineData("bench --set rollout.slots=3",
        "--set changes keys of a recipe; name a recipe too, such as flowrl bench countdown --set rollout.slots=64.\n")]
    [InlineData("bench countdown --shapes S", "--shapes: 'countdown' is measured with its own model; leave one of both out.\n")]
    [InlineData("bench countdown --set rollout.slot=3", "--set rollout.slot: no such key; did you mean 'rollout.slots'?\n")]
    public async Task Wrong_input_is_told(string line, string message)
    {
        var run = await ToolRun.Of(line.Split(' '));
        Assert.Equal((2, "", message), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_stopped_measurement_fails()
    {
        var run = await ToolRun.Of(new StubEngine { Failure = new OperationCanceledException() }, "bench");
        Assert.Equal((1, "", "measuring 3 times\nStopped: no result. --repeat 1 and fewer --shapes make it shorter.\n"), (run.Code, run.Output, run.Error));
    }
}
