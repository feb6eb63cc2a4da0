using FlowRL.Checkpoints;
using FlowRL.Cli;
using FlowRL.Models;
using FlowRL.Tests.Cli;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

/// <summary>Whatever loads a checkpoint compares it with the sums that were saved, not a resumed run alone.</summary>
public sealed class LoadedDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Checkpoint => _folder.In("run", "checkpoints", "step-00000004");

    [Theory]
    [InlineData("sample", "--prompt", "8,3,2,7=16:")]
    [InlineData("eval", "--task", "countdown", "--problems", "1", "--samples", "1")]
    [InlineData("inspect")]
    [InlineData("inspect", "--tensors")]
    [InlineData("merge", "--out", "merged")]
    public async Task A_changed_bit_is_told_by_every_command(params string[] command)
    {
        var isMerged = command[0] == "merge";
        Save(isMerged);
        var weights = isMerged ? AdapterFolder.WeightsName : WeightFolder.SingleName;
        Flip(weights);
        string[] rest = [.. command[1..].Select(word => word == "merged" ? _folder.In(word) : word)];
        foreach (var path in command[0] == "inspect" ? new[] { _folder.In("run", "checkpoints", "step-00000004") } : [_folder.In("run"), Checkpoint])
        {
            var run = await ToolRun.Of(new TrainingEngine(), [command[0], path, .. rest]);
            Assert.Equal((2, $"The checkpoint {Checkpoint} is damaged: {weights} has other content than was saved. Take another checkpoint; a change that is " +
                "meant belongs into a copy of the folder without checkpoint.json.\n"), (run.Code, run.Error));
        }
        Assert.False(Directory.Exists(_folder.In("merged")));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    public void Other_files_of_a_model_have_sums_too(string file)
    {
        Save(adapts: false);
        Flip(file);
        Assert.Contains($"{file} has other content than was saved", Assert.Throws<BadInputException>(
            () => PretrainedModel.Load(new ModelOptions { Path = _folder.In("run") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_is_compared_without_the_weights_that_it_does_not_need()
    {
        Save(adapts: false);
        Flip(WeightFolder.SingleName);
        Assert.Equal(142, PretrainedModel.LoadTokenizer(_folder.In("run")).VocabularySize);
        Flip("tokenizer.json");
        Assert.Contains("tokenizer.json has other content", Assert.Throws<BadInputException>(
            () => PretrainedModel.LoadTokenizer(_folder.In("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_state_is_not_asked_for_by_those_that_do_not_train()
    {
        Save(adapts: false);
        Directory.Delete(Path.Combine(Checkpoint, "training"), recursive: true);
        PretrainedModel.Load(new ModelOptions { Path = _folder.In("run") }).Dispose();
    }

    [Fact]
    public void The_base_of_adapters_is_compared_where_it_is_a_checkpoint_too()
    {
        Save(adapts: false);
        using (var model = PretrainedModel.LoadForTraining(new ModelOptions { Path = _folder.In("run"), Lora = new LoraOptions { Rank = 2 } }, 1, []))
            PretrainedModel.Save(_folder.In("adapters"), model);
        Flip(WeightFolder.SingleName);
        Assert.Contains("model.safetensors has other content", Assert.Throws<BadInputException>(
            () => PretrainedModel.Load(new ModelOptions { Path = _folder.In("adapters") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused_by_name_and_place()
    {
        using (var model = TinyRuns.Model())
        {
            using (no_grad()) model.Decoder.Weights["model.layers.1.mlp.down_proj.weight"][3, 5] = float.NaN;
            PretrainedModel.Save(_folder.In("model"), model);
        }
        Assert.StartsWith($"{_folder.In("model")}: 'model.layers.1.mlp.down_proj.weight' holds NaN at [3, 5];", Assert.Throws<BadInputException>(
            () => PretrainedModel.Load(new ModelOptions { Path = _folder.In("model") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adapters_that_adapt_themselves_are_refused()
    {
        using (var model = TinyRuns.Model()) PretrainedModel.Save(_folder.In("base"), model);
        using (var model = PretrainedModel.LoadForTraining(new ModelOptions { Path = _folder.In("base"), Lora = new LoraOptions { Rank = 2 } }, 1, []))
            PretrainedModel.Save(_folder.In("adapters"), model);
        File.Delete(_folder.In("adapters", "tokenizer.json"));
        AdapterConfigJson.Write(_folder.In("adapters"), AdapterConfigJson.Read(_folder.In("adapters")) with { BaseModel = _folder.In("adapters") });
        Assert.Contains("which holds adapters itself; merge those first", Assert.Throws<BadInputException>(
            () => PretrainedModel.LoadTokenizer(_folder.In("adapters"))).Message, StringComparison.Ordinal);
    }

    private void Save(bool adapts)
    {
        using (var model = TinyRuns.Model()) PretrainedModel.Save(_folder.In("base"), model);
        using var saved = PretrainedModel.LoadForTraining(
            new ModelOptions { Path = _folder.In("base"), Lora = new LoraOptions { Rank = adapts ? 2 : 0 } }, 1, []);
        new CheckpointStore(_folder.In("run", "checkpoints"), 1).Save(4, place =>
        {
            PretrainedModel.Save(place, saved);
            Directory.CreateDirectory(Path.Combine(place, "training"));
            File.WriteAllText(Path.Combine(place, "training", "state"), "1");
        });
    }

    private void Flip(string file)
    {
        var path = Path.Combine(Checkpoint, file);
        var bytes = File.ReadAllBytes(path);
        bytes[^2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
