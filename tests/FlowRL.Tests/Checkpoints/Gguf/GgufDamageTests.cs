using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Damage beyond the header's form: what it says does not make a model. And damage by chance.</summary>
public sealed class GgufDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("general.architecture", null, ": 'general.architecture' is missing, so nothing says what model it is. Copy or download the file again.")]
    [InlineData("general.architecture", "falcon", " is of the architecture 'falcon', and those that can be read are ")]
    [InlineData("general.architecture", 7, ": 'general.architecture' is 7 and must be a text. ")]
    [InlineData("general.type", "adapter", " holds no model: 'general.type' is 'adapter'. Give the model's own file, the one that the adapter is for.")]
    [InlineData("split.count", 3, " is one of 3 parts of a model. Join them with 'llama-gguf-split --merge' of llama.cpp, and give the result.")]
    [InlineData("llama.embedding_length", null, " cannot be used: llama.embedding_length is missing. ")]
    [InlineData("llama.embedding_length", "64", ": 'llama.embedding_length' is '64' and must be a whole number that fits 63 bits. ")]
    [InlineData("llama.feed_forward_length", 128, ": 'blk.0.ffn_gate.weight' has shape [96, 64], where the metadata asks for [128, 64]. ")]
    [InlineData("llama.embedding_length", 128, " cannot be used: llama.rope.dimension_count (partial_rotary_factor) must be 1; partly rotated heads are not supported. ")]
    [InlineData("llama.block_count", 3, " holds no tensor 'blk.2.attn_norm.weight', which its metadata asks for. ")]
    [InlineData("llama.block_count", 0, " cannot be used: llama.block_count (num_hidden_layers) is 0 and must be from 1 to 1000. ")]
    [InlineData("llama.attention.head_count_kv", 3, " cannot be used: llama.attention.head_count (num_attention_heads) is 4, no multiple of num_key_value_heads 3. ")]
    [InlineData("llama.expert_count", 8, " cannot be used: llama.expert_count is 8, which cannot be read here. ")]
    [InlineData("llama.vocab_size", 289, " cannot be used: llama.vocab_size is 289, where token_embd.weight has 288 rows. ")]
    [InlineData("llama.rope.scaling.type", "longrope", " cannot be used: llama.rope.scaling.type is 'longrope'; none, linear, yarn and, with its two tables, longrope can be read. ")]
    [InlineData("tokenizer.ggml.model", "bert", ": 'tokenizer.ggml.model' is 'bert' and must be 'gpt2' or 'llama'. ")]
    [InlineData("tokenizer.ggml.model", null, ": 'tokenizer.ggml.model' is missing, without which there is no tokenizer. ")]
    [InlineData("tokenizer.ggml.pre", "gibberish", ": its vocabulary names the pre-tokenizer \"gibberish\", and only codeshell, ")]
    [InlineData("tokenizer.ggml.eos_token_id", 288, ": 'tokenizer.ggml.eos_token_id' is 288 and must be the id of one of 288 tokens. ")]
    [InlineData("tokenizer.ggml.tokens", "x", ": 'tokenizer.ggml.tokens' is 'x' and must be a list of texts. ")]
    public void What_makes_no_model_is_named(string key, object? value, string problem)
    {
        var path = Changed(metadata =>
        {
            metadata.Remove(key);
            if (value is not null) metadata.Add(key, value is int number ? (uint)number : value);
        });
        Assert.StartsWith($"{path}{problem}", Message(path), StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_vocabulary_is_named()
    {
        void Refused(string key, Array items, string problem)
        {
            var kind = items.GetType() == typeof(string[]) ? GgufKind.String : GgufKind.Int32;
            var path = Changed(metadata => metadata[key] = new GgufArray(kind, items));
            Assert.StartsWith($"{path}: {problem}.", Message(path), StringComparison.Ordinal);
        }
        Refused("tokenizer.ggml.merges", new[] { "Ġ t", "zz q" }, "'tokenizer.ggml.merges' names 'zz' at 1, which is not in 'tokenizer.ggml.tokens'");
        Refused("tokenizer.ggml.merges", new[] { "Ġt" }, "'tokenizer.ggml.merges' has 'Ġt' at 0, which are not two tokens with a space between them");
        Refused("tokenizer.ggml.token_type", new[] { 1, 1 }, "'tokenizer.ggml.token_type' has 2 values for 288 tokens");
        Refused("tokenizer.ggml.token_type", Enumerable.Repeat(9, 288).ToArray(), "'tokenizer.ggml.token_type' gives token 0 the type 9, which does not exist");
        var tokens = (string[])((GgufArray)Metadata()["tokenizer.ggml.tokens"]).Items;
        Refused("tokenizer.ggml.tokens", tokens.Append("more").ToArray(), "'tokenizer.ggml.token_type' has 288 values for 289 tokens");
        Refused("tokenizer.ggml.tokens", tokens.Take(287).Append("!").ToArray(), "its vocabulary gives \"!\" to both token 0 and token 287; fetch the file again, or give another tokenizer");
    }

    [Fact]
    public void More_tokens_than_rows_are_named()
    {
        var path = Changed(metadata =>
        {
            metadata["tokenizer.ggml.tokens"] = new GgufArray(GgufKind.String, ((string[])((GgufArray)metadata["tokenizer.ggml.tokens"]).Items).Append("more").ToArray());
            metadata.Remove("tokenizer.ggml.token_type");
        });
        Assert.Equal($"{path}: the tokenizer has 289 tokens, but the model's vocabulary is 288; use the tokenizer that the model was trained with.", Message(path));
    }

    /// <summary>Bytes changed, taken out, put in, doubled and cut, by chance: each file is read or refused in a sentence, with little memory.</summary>
    [Fact]
    public void Three_thousand_damaged_files_are_read_or_refused_in_a_sentence()
    {
        var random = new Random(20260601);
        // A hostile file is as small as the damage needs: those with short data have more of it in their headers.
        var sources = new[] { "metadata", "metadata-nested", "version-2", "types/q4_0", "types/q6_k", "tiny-q4_0", "spm", "adapter-lora", "big-endian" }
            .Select(name => File.ReadAllBytes(GoldenGguf.Path($"{name}.gguf"))).ToArray();
        var path = _folder.In("damaged.gguf");
        var (read, refused) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var damaged = Damage(sources[i % sources.Length], random);
            File.WriteAllBytes(path, damaged);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = GgufFile.Open(path);
                // What opened is as large as it says.
                Assert.InRange(file.Header.Tensors.Sum(tensor => tensor.Bytes), 0, damaged.Length);
                if (GgufConfigOf(file)) read++;
                else refused++;
            }
            catch (BadInputException e)
            {
                Assert.Contains(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 * damaged.Length + (1 << 18));
        }
        Assert.InRange(read, 100, 2900);
        Assert.InRange(refused, 100, 2900);
    }

    /// <summary>Whether a model's description and vocabulary can be read as well, where there are such.</summary>
    private static bool GgufConfigOf(GgufFile file)
    {
        if (!GgufVocabulary.IsIn(file.Metadata)) return true;
        try
        {
            var family = GgufConfig.Family(file.Metadata);
            var vocabulary = GgufVocabulary.Read(file.Metadata);
            GgufWeights.Open(file, family, GgufConfig.Read(file, family, vocabulary, ModelFamilies.BuiltIn));
            return true;
        }
        catch (BadInputException e)
        {
            Assert.Contains(file.Path, e.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Damage(byte[] source, Random random)
    {
        var bytes = source.ToList();
        // Mostly in the header, where everything has a meaning.
        int Place() => random.Next(random.Next(4) == 0 ? bytes.Count : Math.Min(bytes.Count, 4096));
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 8; changes--)
        {
            var at = Place();
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = random.Next(2) == 0 ? byte.MaxValue : byte.MinValue; break;
                case 3: bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private static OrderedDictionary<string, object> Metadata()
    {
        using var source = GgufFile.Open(GoldenGguf.Path("tiny-q4_0.gguf"));
        return new OrderedDictionary<string, object>(source.Metadata.Values, StringComparer.Ordinal);
    }

    private string Changed(Action<OrderedDictionary<string, object>> change)
    {
        var metadata = Metadata();
        change(metadata);
        using var source = GgufFile.Open(GoldenGguf.Path("tiny-q4_0.gguf"));
        var path = _folder.In("changed.gguf");
        GgufWriter.Write(path, metadata, [.. source.Header.Tensors.Select(tensor => new GgufOutput(tensor.Name, tensor.Format, tensor.Shape, () => source.Read(tensor.Name)))]);
        return path;
    }

    private static string Message(string path) =>
        Assert.Throws<BadInputException>(() => PretrainedModel.Load(new ModelOptions { Path = path }).Dispose()).Message;
}
