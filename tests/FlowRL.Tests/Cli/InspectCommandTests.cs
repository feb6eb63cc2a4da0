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
            run {folder.In("")}
            last step    7
            checkpoints  5
              seconds = 1.5
              reward = 0.25
            parameters   6 in 1 tensors
              w FLOAT32 [2, 3]

            """), (run.Code, run.Output));
        var json = (await ToolRun.Of("inspect", folder.In(""), "--json")).Json;
        Assert.Equal((7, 6L, "w"), ((int)json["last_step"]!, (long)json["parameters"]!, (string)json["tensors"]![0]!["name"]!));
        var checkpoint = await ToolRun.Of("inspect", folder.In("checkpoints/step-00000005"));
        Assert.Equal(
            $"checkpoint {folder.In("checkpoints/step-00000005")}\nlast step    5\nparameters   6 in 1 tensors\n", checkpoint.Output);
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
