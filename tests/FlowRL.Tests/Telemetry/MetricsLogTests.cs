using CsCheck;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Telemetry;

public sealed class MetricsLogTests
{
    private static StepReport Step(int step, double value = 0.5) =>
        new(step, 10, step * 2.0, 1, new Dictionary<string, double> { ["loss"] = value });

    [Fact]
    public void A_step_is_one_line()
    {
        using var folder = new TemporaryFolder();
        using (var log = new MetricsLog(folder.In("run/metrics.jsonl")))
        {
            log.Report(Step(1));
            Assert.Equal("{\"step\":1,\"seconds\":2,\"loss\":0.5}\n", File.ReadAllText(folder.In("run/metrics.jsonl")));
            log.Report(Step(2, double.NegativeInfinity));
        }
        Assert.Equal("{\"step\":2,\"seconds\":4,\"loss\":\"-Infinity\"}", File.ReadLines(folder.In("run/metrics.jsonl")).Last());
    }

    [Fact]
    public void Doubles_read_back_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var number = 0;
        Gen.Double.Array[1, 5].Sample(values =>
        {
            var path = folder.In($"{Interlocked.Increment(ref number)}.jsonl");
            using (var log = new MetricsLog(path))
                foreach (var (value, i) in values.Select((v, i) => (v, i))) log.Report(Step(i + 1, value));
            return MetricsLog.Read(path).Select(l => l.Metrics["loss"]).SequenceEqual(values);
        }, iter: 200, threads: 1);
    }

    [Fact]
    public void A_resumed_log_has_each_step_once()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("metrics.jsonl");
        using (var log = new MetricsLog(path))
            for (var step = 1; step <= 5; step++) log.Report(Step(step));
        File.AppendAllText(path, "{\"step\":6,\"secon");
        using (var log = new MetricsLog(path, afterStep: 3))
            for (var step = 4; step <= 6; step++) log.Report(Step(step, 7));
        Assert.Equal([(1, 0.5), (2, 0.5), (3, 0.5), (4, 7), (5, 7), (6, 7)],
            MetricsLog.Read(path).Select(l => (l.Step, l.Metrics["loss"])));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("{\"step\":1}\nnonsense\n")]
    [InlineData("{\"step\":1}\n{\"stp\":2}\n")]
    [InlineData("{\"step\":1}\n[2]\n")]
    [InlineData("{\"step\":1}\n{\"step\":1,\"step\":2}\n")]
    public void A_damaged_line_is_named_and_the_log_goes_on_without_it(string content)
    {
        using var folder = new TemporaryFolder();
        var (path, said) = (folder.Write("metrics.jsonl", content + "{\"step\":3,\"seconds\":1,\"loss\":4}\n"), new List<string>());
        Assert.Equal([1, 3], MetricsLog.Read(path, said.Add).Select(line => line.Step));
        Assert.Equal([$"{path}:2: this line of the log is not a JSON object with a step, and is left out."], said);

        said.Clear();
        var before = File.ReadAllText(path);
        using (var log = new MetricsLog(path, afterStep: 3, said.Add)) log.Report(Step(4, 7));
        Assert.Equal([1, 3, 4], MetricsLog.Read(path, damaged => Assert.Fail(damaged)).Select(line => line.Step));
        Assert.Equal([$"{path}:2: this line of the log is not a JSON object with a step.",
            $"{path} goes on without what is damaged; the file as it was is kept as metrics.jsonl.damaged.",
            $"{path} lacks 1 of the 3 steps before this one; the others are there, and the run goes on."], said);
        Assert.Equal(before, File.ReadAllText(path + ".damaged"));
    }

    [Fact]
    public void A_log_that_is_lost_is_told_at_a_resume()
    {
        using var folder = new TemporaryFolder();
        var said = new List<string>();
        using (var log = new MetricsLog(folder.In("metrics.jsonl"), afterStep: 20, said.Add)) log.Report(Step(21));
        Assert.Equal([$"{folder.In("metrics.jsonl")} lacks 20 of the 20 steps before this one; the others are there, and the run goes on."], said);
    }
}
