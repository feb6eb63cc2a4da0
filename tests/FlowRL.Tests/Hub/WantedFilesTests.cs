using FlowRL.Hub;

namespace FlowRL.Tests.Hub;

public sealed class WantedFilesTests
{
    [Theory]
    // Shards and what else such repositories hold: another copy of the weights, folders of other formats, programs, pickles.
    [InlineData("README.md config.json generation_config.json tokenizer.json tokenizer_config.json model.safetensors.index.json model-00001-of-00002.safetensors " +
        "model-00002-of-00002.safetensors consolidated.safetensors original/model.safetensors onnx/model.onnx modeling.py pytorch_model.bin training_args.bin",
        "config.json generation_config.json model.safetensors.index.json tokenizer.json tokenizer_config.json model-00001-of-00002.safetensors model-00002-of-00002.safetensors")]
    // One file wins over shards, as in loading.
    [InlineData("config.json model.safetensors model.safetensors.index.json model-00001-of-00001.safetensors tokenizer.model", "config.json tokenizer.model model.safetensors")]
    [InlineData("config.json model.safetensors.index.json model.safetensors-00001-of-00001.safetensors chat_template.jinja additional_chat_templates/tool_use.jinja tekken.json",
        "additional_chat_templates/tool_use.jinja chat_template.jinja config.json model.safetensors.index.json tekken.json model.safetensors-00001-of-00001.safetensors")]
    [InlineData("adapter_config.json adapter_model.safetensors adapter_model.bin tokenizer.json README.md optimizer.pt", "adapter_config.json tokenizer.json adapter_model.safetensors")]
    [InlineData("README.md model-Q4_0.gguf", "model-Q4_0.gguf")]
    [InlineData("config.json README.md model-f16.gguf", "model-f16.gguf")]
    public void Of_a_model(string listed, string wanted) => Assert.Equal(wanted.Split(' '), Of(listed, RepositoryKind.Model));

    [Theory]
    [InlineData("README.md a.jsonl b.json.gz sub/c.csv d.tsv e.parquet f.ndjson g.txt load.py .gitattributes .meta/x.json dataset_infos.json h.arrow i.zip",
        "a.jsonl b.json.gz d.tsv e.parquet f.ndjson sub/c.csv")]
    public void Of_a_data_set(string listed, string wanted) => Assert.Equal(wanted.Split(' '), Of(listed, RepositoryKind.Dataset));

    private static IEnumerable<string> Of(string listed, RepositoryKind kind) => WantedFiles.Of(
        new HubListing(new string('a', 40), [.. listed.Split(' ').Select(name => new HubFile(name, 1, null))]), new HubName("org/name"), kind).Select(file => file.Name);
}
