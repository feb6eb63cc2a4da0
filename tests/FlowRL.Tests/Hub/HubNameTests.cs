using FlowRL.Hub;

namespace FlowRL.Tests.Hub;

public sealed class HubNameTests
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", null, null)]
    [InlineData("HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M", null, null)]
    [InlineData("org/name@main", "org/name", "main", null)]
    [InlineData("org/name@refs/pr/1", "org/name", "refs/pr/1", null)]
    [InlineData("org/name@" + Commit, "org/name", Commit, null)]
    [InlineData("org/name:model-Q8_0.gguf", "org/name", null, "model-Q8_0.gguf")]
    [InlineData("org/name@v1.0:main/train-00000-of-00001.parquet", "org/name", "v1.0", "main/train-00000-of-00001.parquet")]
    [InlineData("org/name.gguf:a b.gguf", "org/name.gguf", null, "a b.gguf")]
    public void Names_of_the_hub_are_read_and_written(string text, string id, string? revision, string? file)
    {
        var name = HubName.Parse(text);
        Assert.Equal(new HubName(id, revision, file), name);
        Assert.Equal(text, name!.ToString());
        Assert.Equal(revision == Commit, name.IsPinned);
    }

    [Theory]
    [InlineData("")]
    [InlineData("countdown")]
    [InlineData("gpt2")]
    [InlineData("/org/name")]
    [InlineData("./name")]
    [InlineData("../name")]
    [InlineData("~/name")]
    [InlineData("org/")]
    [InlineData("org/name/")]
    [InlineData("org/name/more")]
    [InlineData("org//name")]
    [InlineData("org/..")]
    [InlineData("org/.")]
    [InlineData("org/.name")]
    [InlineData(".org/name")]
    [InlineData("org/na..me")]
    [InlineData("org/na--me")]
    [InlineData("org/name.")]
    [InlineData("org/na me")]
    [InlineData("org/n\u00e4me")]
    [InlineData("org/name\n")]
    [InlineData("org\\name")]
    [InlineData("models/model.gguf")]
    [InlineData("data/train.JSONL")]
    [InlineData("recipes/countdown.yaml")]
    [InlineData("org/name@")]
    [InlineData("org/name@a b")]
    [InlineData("org/name@../main")]
    [InlineData("org/name@a/../b")]
    [InlineData("org/name@-x")]
    [InlineData("org/name@main@main")]
    [InlineData("org/name:")]
    [InlineData("org/name:../file.gguf")]
    [InlineData("org/name:/etc/passwd")]
    [InlineData("org/name:a\\b.gguf")]
    [InlineData("org/name:a:b")]
    [InlineData("https://huggingface.co/org/name")]
    public void Other_texts_are_no_names(string text) => Assert.Null(HubName.Parse(text));

    [Fact]
    public void Names_have_a_longest_length()
    {
        Assert.NotNull(HubName.Parse($"org/{new string('n', 92)}"));
        Assert.Null(HubName.Parse($"org/{new string('n', 93)}"));
    }
}
