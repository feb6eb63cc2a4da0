using FlowRL.Checkpoints;
using FlowRL.Telemetry;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Cli;

public sealed class InspectCommandTests
{
    [Fact]
    public async Task A_run_shows_its_last_step_checkpoints_and_tensors()
    {
        using var folder = new TemporaryFolder();
        using var weight = zeros(2, 3);
        using (var log = new MetricsLog(folder.In("metrics.jsonl")))
            log.Report(new StepReport(7, 9, 1.5, 0, new Dictionary<string, double> { ["reward"] = 0.25 }));
        File.WriteAllText(folder.In("recipe.yaml"), "task: countdown");
        new CheckpointStore(folder.In("checkpoints"), 2).Save(5, f => WeightFolder.Write(f, [("w", weight)]));

        var run = await ToolRun.Of("inspect", folder.In(""), "--tensors");
        Assert.Equal((0, $"""
            run {folder.In("")}: 7 steps done
            weights      6 numbers in 1 tensors:
              w FLOAT32 [2, 3]
            checkpoints  after step 5: model and training state as they were then
                         'flowrl sample' and 'flowrl eval' with {folder.In("")} take the one that was best on validation problems (the last where none was validated); '--resume' goes on from the last
            metrics      as step 7 logged them; metrics.jsonl has every step
              seconds                           1.5  seconds of training up to this step
              reward                           0.25  mean reward of the step's responses

            """), (run.Code, run.Output));
        var json = (await ToolRun.Of("inspect", folder.In(""), "--json")).Json;
        Assert.Equal((7, 6L, "w"), ((int)json["last_step"]!, (long)json["parameters"]!, (string)json["tensors"]![0]!["name"]!));
        var checkpoint = await ToolRun.Of("inspect", folder.In("checkpoints/step-00000005"));
        Assert.Equal(
            $"checkpoint {folder.In("checkpoints/step-00000005")}: a model after 5 steps of training, and what training needs to go on\n" +
            "weights      6 numbers in 1 tensors; --tensors lists them\n", checkpoint.Output);
    }

    [Fact]
    public async Task A_model_is_described_in_words()
    {
        var run = await ToolRun.Of("inspect", "embedded:countdown");
        Assert.Contains("""

            config       a transformer of the family llama: 4 layers of width 160, feed-forward 432, 5 attention heads
                         it knows 142 tokens, and reads and writes at most 128 of them (prompt and response together)
            weights      1,263,200 numbers in 38 tensors; --tensors lists them

            """, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_with_nothing_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        var run = await ToolRun.Of("inspect", folder.In("lost"));
        Assert.Equal(
            (2, $"{folder.In("lost")} does not exist. Give a model folder that holds model.safetensors or model.safetensors.index.json.\n"),
            (run.Code, run.Error));
    }
}
