using System.Text.Json.Nodes;
using FlowRL.Cli.Rows;
using FlowRL.Rollouts;
using FlowRL.Runs;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli.Rows;

public sealed class GeneratedLinesTests
{
    [Fact]
    public void Lines_come_at_once_and_progress_every_few_seconds()
    {
        var (output, error, clock) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" }, new ManualClock());
        var lines = new GeneratedLines(output, error, samples: 2, kept: 1000, clock);
        lines.Begin(2000);
        var row = new PromptRow(JsonValue.Create("a"), JsonValue.Create("hi"), IsChat: false, [1]);
        lines.Answered(1000, row, [Said("x", FinishReason.Stop), Said("y", FinishReason.StopString)]);
        Assert.Equal("2,000 prompts × 2 samples, 1,000 prompts answered already\n", error.ToString());
        clock.Advance(TimeSpan.FromSeconds(5));
        var talk = new PromptRow(JsonValue.Create(7), new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "é" }), IsChat: true, [1]);
        lines.Answered(1001, talk, [Said("z", FinishReason.Length)]);
        Assert.EndsWith("already\n1,002 of 2,000 prompts, 1 tokens/s\n", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "{\"id\":\"a\",\"prompt\":\"hi\",\"index\":0,\"text\":\"x\",\"tokens\":2,\"log_probability\":-0.75,\"finish_reason\":\"stop\"}\n" +
            "{\"id\":\"a\",\"prompt\":\"hi\",\"index\":1,\"text\":\"y\",\"tokens\":2,\"log_probability\":-0.75,\"finish_reason\":\"stop_string\"}\n" +
            "{\"id\":7,\"messages\":[{\"role\":\"user\",\"content\":\"é\"}],\"index\":0,\"text\":\"z\",\"tokens\":2,\"log_probability\":-0.75," +
            "\"finish_reason\":\"length\"}\n", output.ToString());
    }

    private static Response Said(string text, FinishReason reason) =>
        new() { TokenIds = [1, 2], LossMask = [true, true], LogProbs = [-0.5f, -0.25f], PolicyVersions = [0, 0], FinishReason = reason, Text = text };
}
