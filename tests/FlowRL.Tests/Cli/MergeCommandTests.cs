using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tests.Support;
using FlowRL.Training;

namespace FlowRL.Tests.Cli;

public sealed class MergeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MergeCommandTests() => AdaptedModels.Save(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_merged_model_is_a_whole_one_that_scores_the_same()
    {
        var run = await ToolRun.Of("merge", _folder.In("adapter"), "--out", _folder.In("merged"));
        Assert.Equal((0, $"{_folder.In("adapter")} merged into {_folder.In("merged")}: 6,192 parameters\n", ""), (run.Code, run.Output, run.Error));
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder.In("merged")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["adapter", "base", "merged"], _folder.FileNames()); // nothing temporary
        var (before, after, start) = (Score("adapter"), Score("merged"), Score("base"));
        for (var t = 0; t < before.Length; t++) Assert.Equal(before[t], after[t], 1e-5);
        Assert.Contains(before.Zip(start), pair => Math.Abs(pair.First - pair.Second) > 0.05);
    }

    [Fact]
    public async Task Weights_may_be_written_as_BF16()
    {
        var run = await ToolRun.Of("merge", _folder.In("adapter"), "--out", _folder.In("merged"), "--weights", "bfloat16", "--json");
        Assert.Equal((0, _folder.In("merged"), 6192L), (run.Code, (string)run.Json["folder"]!, (long)run.Json["parameters"]!));
        using var file = SafetensorsFile.Open(_folder.In("merged", "model.safetensors"));
        Assert.Equal(TorchSharp.torch.ScalarType.BFloat16, file.Entries.First(entry => entry.Shape.Count == 2).Type);
        Assert.Contains("\"torch_dtype\": \"bfloat16\"", File.ReadAllText(_folder.In("merged", "config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        Directory.CreateDirectory(_folder.In("full"));
        _folder.Write("full/notes.txt", "mine");
        var run = await ToolRun.Of("merge", _folder.In("adapter"), "--out", _folder.In("full"));
        Assert.Equal((2, $"'{_folder.In("full")}' is not empty, and nothing is overwritten; give a folder that is empty or not there yet.\n"),
            (run.Code, run.Error));
        Assert.Equal(["notes.txt"], Directory.GetFiles(_folder.In("full")).Select(Path.GetFileName));
        Directory.CreateDirectory(_folder.In("empty"));
        Assert.Equal(0, (await ToolRun.Of("merge", _folder.In("adapter"), "--out", _folder.In("empty"))).Code);
    }

    [Fact]
    public async Task A_whole_model_and_a_missing_one_are_bad_input()
    {
        var whole = await ToolRun.Of("merge", _folder.In("base"), "--out", _folder.In("merged"));
        Assert.Equal((2, $"'{_folder.In("base")}' holds no adapters, so there is nothing to merge; it is a whole model already.\n"),
            (whole.Code, whole.Error));
        var missing = await ToolRun.Of("merge", _folder.In("lost"), "--out", _folder.In("merged"));
        Assert.Equal((2, $"model.path: '{_folder.In("lost")}' does not exist; give a Hugging Face folder, a .gguf file, a llama2.c .bin file, a run folder, " +
            "or 'embedded:countdown'.\n"), (missing.Code, missing.Error));
        var bare = await ToolRun.Of("merge", _folder.In("adapter"));
        Assert.Equal((2, "Option '--out' is required.\nSee: flowrl merge --help\n"), (bare.Code, bare.Error));
        Assert.False(Directory.Exists(_folder.In("merged")));
    }

    [Fact]
    public async Task Inspect_shows_adapters()
    {
        var run = await ToolRun.Of("inspect", _folder.In("adapter"));
        Assert.Equal((0, $"model {_folder.In("adapter")}\nadapters     rank 4, alpha 8, on q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, " +
            $"down_proj; base {_folder.In("base")}. They change what the base computes, which stays as it is; 'flowrl merge' makes one model of both\n" +
            "weights      1,856 numbers in 28 tensors; --tensors lists them\n"), (run.Code, run.Output));
        Assert.Equal("q_proj", (string)(await ToolRun.Of("inspect", _folder.In("adapter"), "--json")).Json["adapter"]!["target_modules"]![0]!);
    }

    private float[] Score(string name)
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = _folder.In(name) });
        return LogProbScorer.Score(model.Decoder, [new TokenSequence([3, 4, 5], [9, 8, 7, 6])], 1, 100, CancellationToken.None)[0];
    }
}
