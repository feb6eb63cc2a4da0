using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExportCommandTests() => AdaptedModels.Save(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_is_written_as_half_precision_where_nothing_is_said()
    {
        var run = await ToolRun.Of("export", _folder.In("base"), "--to", "gguf", "--out", _folder.In("model.gguf"), "--json");
        Assert.Equal((0, "model", _folder.In("model.gguf")), (run.Code, (string)run.Json["kind"]!, (string)run.Json["file"]!));
        Assert.Equal(new FileInfo(_folder.In("model.gguf")).Length, (long)run.Json["bytes"]!);
        Assert.StartsWith("warning: llama.cpp has no name for the way in which this tokenizer cuts texts", run.Error, StringComparison.Ordinal);
        using var file = GgufFile.Open(_folder.In("model.gguf"));
        Assert.Equal("F16", file.Find("blk.0.attn_q.weight")!.Format.Name);
        Assert.Equal("F32", file.Find("blk.0.attn_norm.weight")!.Format.Name);
    }

    [Fact]
    public async Task Adapters_are_written_alone_and_a_file_of_theirs_names_their_base()
    {
        var run = await ToolRun.Of("export", _folder.In("adapter"), "--to", "gguf", "--out", _folder.In("adapter.gguf"));
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.EndsWith($", adapters for {_folder.In("base")}\n", run.Output, StringComparison.Ordinal);
        using var adapter = GgufAdapter.Open(_folder.In("adapter.gguf"), DecoderConfigJson.Read(_folder.In("base")));
        Assert.Equal(new LoraOptions { Rank = 4, Alpha = 8 }, adapter.Options);
        var refused = await ToolRun.Of("export", _folder.In("adapter"), "--to", "gguf", "--type", "q8_0", "--out", _folder.In("other.gguf"));
        Assert.Equal((2, $"--type q8_0: adapters are written as f32, f16, bf16; for a whole model in q8_0, merge them first with 'flowrl merge {_folder.In("adapter")}'.\n"),
            (refused.Code, refused.Error));
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_wrong_input_is_named()
    {
        _folder.Write("there.gguf", "mine");
        var there = await ToolRun.Of("export", _folder.In("base"), "--to", "gguf", "--out", _folder.In("there.gguf"));
        Assert.Equal((2, $"--out {_folder.In("there.gguf")}: is there already, and nothing is overwritten; give another path.\n"), (there.Code, there.Error));
        Assert.Equal("mine", File.ReadAllText(_folder.In("there.gguf")));
        var full = await ToolRun.Of("export", _folder.In("base"), "--to", "ollama", "--out", _folder.In("base"));
        Assert.Equal((2, $"'{_folder.In("base")}' is not empty, and nothing is overwritten; give a folder that is empty or not there yet.\n"), (full.Code, full.Error));
        var nowhere = await ToolRun.Of("export", _folder.In("base"), "--to", "gguf", "--out", _folder.In("no", "model.gguf"));
        Assert.Equal((2, $"--out {_folder.In("no", "model.gguf")}: there is no folder {_folder.In("no")}; create it, or give another path.\n"), (nowhere.Code, nowhere.Error));
        var type = await ToolRun.Of("export", _folder.In("base"), "--to", "gguf", "--type", "q4_k", "--out", _folder.In("model.gguf"));
        Assert.Equal(2, type.Code);
        Assert.Contains("Argument 'q4_k' not recognized. Must be one of:\n\t'f32'\n\t'f16'", type.Error.Replace("\r", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["adapter", "base", "there.gguf"], _folder.FileNames());
    }

    [Fact]
    public async Task A_folder_for_Ollama_has_a_Modelfile()
    {
        var run = await ToolRun.Of("export", _folder.In("base"), "--to", "ollama", "--type", "f32", "--temperature", "0.7", "--out", _folder.In("ollama"));
        Assert.Equal((0, $"{_folder.In("base")} written to {_folder.In("ollama")}; next: ollama create NAME -f {_folder.In("ollama", "Modelfile")}\n"), (run.Code, run.Output));
        Assert.Equal(["Modelfile", "model.gguf"], Directory.GetFiles(_folder.In("ollama")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("FROM ./model.gguf\nPARAMETER stop ", File.ReadAllText(_folder.In("ollama", "Modelfile")), StringComparison.Ordinal);
        Assert.EndsWith("PARAMETER temperature 0.7\n", File.ReadAllText(_folder.In("ollama", "Modelfile")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapters_for_Ollama_stand_over_their_base()
    {
        var run = await ToolRun.Of("export", _folder.In("adapter"), "--to", "ollama", "--out", _folder.In("ollama"));
        Assert.Equal(0, run.Code);
        Assert.StartsWith("FROM ./model.gguf\nADAPTER ./adapter.gguf\n", File.ReadAllText(_folder.In("ollama", "Modelfile")), StringComparison.Ordinal);
        Assert.Equal(["Modelfile", "adapter.gguf", "model.gguf"], Directory.GetFiles(_folder.In("ollama")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Inspect_shows_what_a_file_stores()
    {
        Assert.Equal(0, (await ToolRun.Of("export", _folder.In("base"), "--to", "gguf", "--out", _folder.In("model.gguf"))).Code);
        var run = await ToolRun.Of("inspect", _folder.In("model.gguf"), "--json");
        Assert.Equal((0, "model"), (run.Code, (string)run.Json["kind"]!));
        Assert.Contains(run.Json["tensors"]!.AsArray(), tensor => (string)tensor!["name"]! == "token_embd.weight" && (string)tensor["type"]! == "F16");
    }
}
