using System.Text.Json;
using CsCheck;
using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints;

public sealed class DecoderConfigJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_llama_of_transformers_is_read()
    {
        var config = DecoderConfigJson.Read(GoldenFiles.Path("verl-arith"));
        AssertSame(new DecoderConfig
        {
            ModelType = "llama",
            VocabularySize = 16,
            Width = 128,
            FeedForwardWidth = 344,
            Layers = 4,
            Heads = 4,
            KeyValueHeads = 4,
            HeadWidth = 32,
            ContextLength = 2048,
            NormEpsilon = 1e-6f,
            EndOfSequenceIds = [1],
            PaddingId = 2,
        }, config);
    }

    // The values of Qwen/Qwen2.5-0.5B's config.json.
    [Fact]
    public void A_qwen2_has_its_familys_biases()
    {
        var config = Read(
            """
            {"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151643,"hidden_act":"silu",
            "hidden_size":896,"initializer_range":0.02,"intermediate_size":4864,"max_position_embeddings":32768,"max_window_layers":24,
            "model_type":"qwen2","num_attention_heads":14,"num_hidden_layers":24,"num_key_value_heads":2,"rms_norm_eps":1e-06,
            "rope_theta":1000000.0,"sliding_window":32768,"tie_word_embeddings":true,"torch_dtype":"bfloat16","use_cache":true,
            "use_mrope":false,"use_sliding_window":false,"vocab_size":151936}
            """);
        AssertSame(new DecoderConfig
        {
            ModelType = "qwen2",
            VocabularySize = 151936,
            Width = 896,
            FeedForwardWidth = 4864,
            Layers = 24,
            Heads = 14,
            KeyValueHeads = 2,
            HeadWidth = 64,
            ContextLength = 32768,
            RopeTheta = 1e6,
            TiedEmbeddings = true,
            QueryKeyValueBias = true,
            BeginOfSequenceId = 151643,
            EndOfSequenceIds = [151643],
        }, config);
    }

    [Fact]
    public void A_qwen3_in_the_newer_notation_has_norms_on_queries_and_keys()
    {
        var config = Read(Small("qwen3", """
            "dtype":"bfloat16","eos_token_id":[3,4],"rope_parameters":{"rope_type":"yarn","rope_theta":1000000,"factor":4.0,
            "original_max_position_embeddings":32768}
            """));
        Assert.Equal(QueryKeyNorm.EachHead, config.QueryKeyNorm);
        Assert.False(config.QueryKeyValueBias);
        Assert.Equal((128, 32768, 1e6), (config.HeadWidth, config.ContextLength, config.RopeTheta));
        Assert.Equal([3, 4], config.EndOfSequenceIds);
        Assert.Equal(new RopeScaling.Yarn(4, 32, 1, 0.1 * Math.Log(4) + 1, 32768), config.RopeScaling);
    }

    [Theory]
    [InlineData("""{"type":"linear","factor":2.0}""", "Linear { Factor = 2 }")]
    [InlineData("""{"rope_type":"dynamic","factor":4}""", "Dynamic { Factor = 4 }")]
    [InlineData("""{"rope_type":"default"}""", "Unscaled { }")]
    [InlineData(
        """{"factor":8.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"}""",
        "Llama3 { Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalContextLength = 8192 }")]
    public void Every_scaling_is_read(string scaling, string expected) =>
        Assert.Equal(expected, Read(Small("llama", $"\"rope_scaling\":{scaling}")).RopeScaling.ToString());

    [Fact]
    public void A_llamas_missing_fields_have_the_familys_defaults()
    {
        var config = Read(Small("llama", "\"attention_bias\":true"));
        AssertSame(new DecoderConfig
        {
            ModelType = "llama",
            VocabularySize = 16,
            Width = 32,
            FeedForwardWidth = 64,
            Layers = 2,
            Heads = 4,
            KeyValueHeads = 4,
            HeadWidth = 8,
            ContextLength = 2048,
            QueryKeyValueBias = true,
            OutputBias = true,
            BeginOfSequenceId = 1,
            EndOfSequenceIds = [2],
        }, config);
    }

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var path = _folder.Write("config.json",
            """
            {"model_type":"qwen2","hidden_size":"wide","num_attention_heads":4,"num_hidden_layers":2,"intermediate_size":64,
            "use_sliding_window":true,"hidden_act":"gelu","quantization_config":{},"rope_scaling":{"rope_type":"longrope"}}
            """);
        Assert.Equal(
            $"{path} cannot be used: hidden_act is 'gelu'; only silu is supported; " +
            "hidden_size is \"wide\" and must be a whole number that fits 32 bits; " +
            "hidden_size is 1, no multiple of num_attention_heads 4, and head_dim is missing; vocab_size is missing; " +
            "rope_scaling.rope_type is 'longrope'; default, linear, dynamic, llama3 and yarn are supported; " +
            "quantization_config says that the weights are quantised; use the model's F32, F16 or BF16 version. " +
            "Correct the file or choose another model.", Message(path));
    }

    [Fact]
    public void Hostile_sizes_are_refused()
    {
        var path = _folder.Write("config.json",
            """
            {"model_type":"llama","hidden_size":1000000000,"num_attention_heads":4,"num_key_value_heads":3,"num_hidden_layers":0,
            "intermediate_size":64,"vocab_size":16,"head_dim":7,"rms_norm_eps":0,"eos_token_id":99}
            """);
        Assert.Equal(
            $"{path} cannot be used: hidden_size is 1000000000 and must be from 1 to 65536; " +
            "num_hidden_layers is 0 and must be from 1 to 1000; " +
            "num_attention_heads is 4, no multiple of num_key_value_heads 3; " +
            "head_dim is 7 and must be even, because positions rotate pairs; " +
            "rms_norm_eps is 0 and must be between 0 and 1; eos_token_id has 99, which is outside the vocabulary of 16. " +
            "Correct the file or choose another model.", Message(path));
    }

    [Fact]
    public void Another_family_and_experts_are_refused_by_name()
    {
        var path = _folder.Write("config.json", """{"model_type":"gemma4"}""");
        Assert.Equal(
            $"{path} cannot be used: model_type is 'gemma4'; the families that can be loaded are {ModelFamilies.BuiltIn.List("and")}. " +
            "Correct the file or choose another model.", Message(path));
        _folder.Write("config.json", Small("qwen3", "\"num_experts\":8"));
        Assert.Equal(
            $"{path} cannot be used: num_experts says mixture of experts, which is not supported; use a dense model. " +
            "Correct the file or choose another model.", Message(path));
    }

    [Fact]
    public void What_is_written_is_read_back() => Configs.Sample(config =>
    {
        var path = _folder.In($"{Guid.NewGuid():N}.json");
        DecoderConfigJson.Write(path, config, ScalarType.BFloat16);
        AssertSame(config, DecoderConfigJson.Read(path));
        var text = File.ReadAllText(path);
        DecoderConfigJson.Write(path, DecoderConfigJson.Read(path), ScalarType.BFloat16);
        Assert.Equal(text, File.ReadAllText(path));
    }, iter: 200);

    [Fact]
    public void A_written_file_says_what_transformers_asks_for()
    {
        var path = _folder.In("config.json");
        DecoderConfigJson.Write(path, Read(Small("qwen2", "\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}")), ScalarType.BFloat16);
        Assert.Equal(
            """
            {
              "architectures": [
                "Qwen2ForCausalLM"
              ],
              "attention_dropout": 0.0,
              "bos_token_id": null,
              "eos_token_id": null,
              "head_dim": 8,
              "hidden_act": "silu",
              "hidden_size": 32,
              "initializer_range": 0.02,
              "intermediate_size": 64,
              "max_position_embeddings": 32768,
              "model_type": "qwen2",
              "num_attention_heads": 4,
              "num_hidden_layers": 2,
              "num_key_value_heads": 4,
              "pad_token_id": null,
              "rms_norm_eps": 1E-06,
              "rope_scaling": {
                "factor": 2.0,
                "rope_type": "linear"
              },
              "rope_theta": 10000.0,
              "tie_word_embeddings": false,
              "torch_dtype": "bfloat16",
              "use_cache": true,
              "use_sliding_window": false,
              "vocab_size": 16
            }

            """, File.ReadAllText(path));
    }

    [Fact]
    public void A_shape_that_its_family_cannot_say_is_not_written()
    {
        var config = Read(Small("llama", "\"mlp_bias\":false")) with { QueryKeyValueBias = true, QueryKeyNorm = QueryKeyNorm.EachHead };
        Assert.Equal(
            "This shape cannot be written as a config.json: llama has biases on all of the attention's projections or on none; " +
            "qwen3, and only qwen3, normalises queries and keys. (Parameter 'config')",
            Assert.Throws<ArgumentException>(() => DecoderConfigJson.Write(_folder.In("c.json"), config)).Message);
    }

    [Fact]
    public void A_mutated_file_is_read_or_refused()
    {
        var valid = File.ReadAllBytes(GoldenFiles.Path("verl-arith", "config.json"));
        var path = _folder.In("mutant.json");
        var (read, refused) = (0, 0);
        Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Char["\"\\{}[],:019e-.un "]).Array[1, 3].Sample(mutations =>
        {
            var bytes = (byte[])valid.Clone();
            foreach (var (place, value) in mutations) bytes[place] = (byte)value;
            File.WriteAllBytes(path, bytes);
            try
            {
                DecoderConfigJson.Read(path);
                read++;
            }
            catch (BadInputException)
            {
                refused++;
            }
        }, iter: 2000, threads: 1);
        Assert.True(read > 20 && refused > 100, $"{read} read, {refused} refused");
    }

    private static readonly Gen<RopeScaling> Scalings = Gen.OneOf(
        Gen.Const(RopeScaling.None),
        Gen.Double[1, 64].Select(f => (RopeScaling)new RopeScaling.Linear(f)),
        Gen.Double[1, 64].Select(f => (RopeScaling)new RopeScaling.Dynamic(f)),
        Gen.Select(Gen.Double[1, 64], Gen.Int[1, 9999]).Select((f, n) => (RopeScaling)new RopeScaling.Llama3(f, 1, f + 1, n)),
        Gen.Select(Gen.Double[1, 64], Gen.Int[1, 9999]).Select((f, n) => (RopeScaling)new RopeScaling.Yarn(f, 32.5, 1, f / 3, n)));

    private static readonly Gen<DecoderConfig> Configs =
        from family in Gen.Int[0, 2]
        from scaling in Scalings
        from heads in Gen.Int[1, 4]
        from shared in Gen.Int[1, 3]
        from half in Gen.Int[1, 64]
        from flags in Gen.Int[0, 15]
        from ids in Gen.Int[0, 9].Array[0, 3]
        from epsilon in Gen.Float[1e-8f, 1e-3f]
        from theta in Gen.Double[1, 1e7]
        select new DecoderConfig
        {
            ModelType = new[] { "llama", "qwen2", "qwen3" }[family],
            VocabularySize = 10,
            Width = heads * shared * half * 2,
            FeedForwardWidth = 7,
            Layers = 3,
            Heads = heads * shared,
            KeyValueHeads = heads,
            HeadWidth = half * 2,
            ContextLength = 100,
            NormEpsilon = epsilon,
            RopeTheta = theta,
            RopeScaling = scaling,
            TiedEmbeddings = (flags & 1) > 0,
            QueryKeyValueBias = family == 1 || (flags & 2) > 0,
            OutputBias = family != 1 && (flags & 2) > 0,
            FeedForwardBias = family == 0 && (flags & 4) > 0,
            QueryKeyNorm = family == 2 ? QueryKeyNorm.EachHead : QueryKeyNorm.None,
            EndOfSequenceIds = ids,
            BeginOfSequenceId = (flags & 8) > 0 ? 3 : null,
            PaddingId = (flags & 4) > 0 ? 4 : null,
            InitializerRange = 0.01,
        };

    private static string Small(string family, string more) =>
        $$"""
        {"model_type":"{{family}}","hidden_size":32,"intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":16,
        {{more}}}
        """;

    private DecoderConfig Read(string json) => DecoderConfigJson.Read(_folder.Write("config.json", json));

    private static string Message(string path) => Assert.Throws<BadInputException>(() => DecoderConfigJson.Read(path)).Message;

    // Records compare lists by reference; their text compares everything.
    private static void AssertSame(DecoderConfig expected, DecoderConfig actual) => Assert.Equal(
        (JsonSerializer.Serialize(expected), expected.RopeScaling), (JsonSerializer.Serialize(actual), actual.RopeScaling));
}
