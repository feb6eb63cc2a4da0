using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

public sealed class GgufModelTests
{
    public static TheoryData<string> Models => [.. GoldenGguf.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_tensor_of_every_model_is_read_to_the_last_bit(string name)
    {
        using var file = GgufFile.Open(GoldenGguf.Path($"{name}.gguf"));
        var golden = GoldenGguf.Of(name).GetProperty("tensors");
        Assert.Equal(golden.EnumerateObject().Select(tensor => tensor.Name).Order(), file.Header.Tensors.Select(tensor => tensor.Name).Order());
        foreach (var tensor in golden.EnumerateObject())
        {
            using var values = file.Read(tensor.Name);
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), values.shape);
            Assert.Equal(tensor.Value.GetProperty("sha256_f32").GetString(), GoldenGguf.Sha256(values));
        }
    }

    [Theory]
    [InlineData("tiny-f32")]
    [InlineData("tiny-f16")]
    [InlineData("tiny-bf16")]
    [InlineData("tiny-q8_0")]
    [InlineData("tiny-q4_0")]
    [InlineData("tiny-q4_1")]
    [InlineData("tiny-q5_0")]
    [InlineData("tiny-q5_1")]
    [InlineData("tiny-k-mixed")]
    [InlineData("big-endian")]
    [InlineData("align-64")]
    [InlineData("spm")]
    public void A_model_of_each_kind_computes_the_golden_logits(string name)
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path($"{name}.gguf") });
        Assert.Equal("llama", model.Decoder.Config.ModelType);
        Assert.Equal(name != "align-64", model.Decoder.Config.TiedEmbeddings);
        Assert.InRange(GoldenGguf.Difference(model.Decoder, name), 0, 5e-5f);
    }

    [Theory]
    [InlineData("tiny-f32", "tiny (gpt2, pre gpt-2)")]
    [InlineData("spm", "spm (llama)")]
    public void Texts_become_the_ids_that_llama_cpp_gives(string name, string key)
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path($"{name}.gguf") });
        var tokenizer = PretrainedModel.LoadTokenizer(GoldenGguf.Path($"{name}.gguf"));
        var rows = JsonDocument.Parse(File.ReadAllBytes(GoldenGguf.Path("tokenizers.json"))).RootElement.GetProperty(key).EnumerateArray().ToList();
        Assert.Equal(8, rows.Count);
        foreach (var row in rows)
        {
            var ids = row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            foreach (var one in new[] { model.Tokenizer, tokenizer })
            {
                var encoded = one.Encode(row.GetProperty("text").GetString()!, parseSpecial: true);
                Assert.Equal(ids, one.BeginOfSequenceId is { } begin ? [begin, .. encoded] : encoded);
            }
        }
    }

    [Fact]
    public void What_the_metadata_say_is_the_description()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-f32.gguf") });
        var expected = new DecoderConfig
        {
            ModelType = "llama",
            VocabularySize = 288,
            Width = 64,
            FeedForwardWidth = 96,
            Layers = 2,
            Heads = 4,
            KeyValueHeads = 2,
            HeadWidth = 16,
            ContextLength = 128,
            NormEpsilon = 1e-5f,
            RopeTheta = 10000,
            TiedEmbeddings = true,
            BeginOfSequenceId = 285,
        };
        Assert.Equal([287], model.Decoder.Config.EndOfSequenceIds);
        Assert.Equal(expected, model.Decoder.Config with { EndOfSequenceIds = expected.EndOfSequenceIds, TokenizerSize = null });
        Assert.Equal(GoldenGguf.Path("tiny-f32.gguf"), model.Path);
    }

    [Fact]
    public void The_saved_model_is_a_hugging_face_folder_with_the_same_logits_and_tokens()
    {
        using var folder = new TemporaryFolder();
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-q8_0.gguf") });
        PretrainedModel.Save(folder.Path, model);
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"], folder.FileNames());
        using var again = PretrainedModel.Load(new ModelOptions { Path = folder.Path });
        Assert.Equal(0, (GoldenGguf.Logits(model.Decoder, GoldenGguf.Prompt) - GoldenGguf.Logits(again.Decoder, GoldenGguf.Prompt)).abs().max().item<float>());
        Assert.Equal(model.Tokenizer.Encode("hello world <|im_end|>", parseSpecial: true), again.Tokenizer.Encode("hello world <|im_end|>", parseSpecial: true));
        Assert.Equal([287], again.Tokenizer.EndOfSequenceIds);
    }

    [Fact]
    public void Weights_are_widened_to_the_type_that_is_asked_for()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenGguf.Path("tiny-q4_0.gguf"), Weights = WeightType.Bfloat16 });
        Assert.Equal(ScalarType.BFloat16, model.Decoder.Head.dtype);
    }
}
