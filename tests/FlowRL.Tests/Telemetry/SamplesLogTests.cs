using FlowRL.Rollouts;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Telemetry;

public sealed class SamplesLogTests
{
    private static LoggedSample Sample(int step, double reward) =>
        new(step, "p\"1", "3 × 4 = ?\n", "12 \u0000😀", reward, reward > 0, FinishReason.StopString, 7);

    [Fact]
    public void Samples_read_back_and_are_cut_at_a_resume()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("samples.jsonl");
        using (var log = new SamplesLog(path)) log.Append(Sample(1, 1), Sample(2, double.NaN), Sample(3, 0));
        Assert.Equal([Sample(1, 1), Sample(2, double.NaN), Sample(3, 0)], SamplesLog.Read(path));
        using (var log = new SamplesLog(path, afterStep: 1)) log.Append(Sample(2, 0.25));
        Assert.Equal([Sample(1, 1), Sample(2, 0.25)], SamplesLog.Read(path));
    }

    [Fact]
    public void Keys_are_those_documented()
    {
        using var folder = new TemporaryFolder();
        using (var log = new SamplesLog(folder.In("s.jsonl")))
            log.Append(new LoggedSample(4, "p", "q", "a", 1, true, FinishReason.Length, 9));
        Assert.Equal(
            "{\"step\":4,\"problem_id\":\"p\",\"prompt\":\"q\",\"response\":\"a\",\"reward\":1," +
                "\"is_correct\":true,\"finish_reason\":\"length\",\"length\":9}\n",
            File.ReadAllText(folder.In("s.jsonl")));
    }
}
