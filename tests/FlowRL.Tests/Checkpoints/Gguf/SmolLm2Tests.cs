using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>A real chat model in GGUF, against numbers of an independent forward pass; skipped by name where it is not there.</summary>
public sealed class SmolLm2Tests
{
    private const string Name = "smollm2-135m";

    private static string In(string file) => Path.Combine(SharedModels.PathOf(Name), file);

    private static string Model => In("SmolLM2-135M-Instruct.Q4_1.gguf");

    [Fact]
    public void Every_tensor_is_read_to_the_last_bit()
    {
        using var file = GgufFile.Open(Model);
        var golden = JsonDocument.Parse(File.ReadAllBytes(In("tensors.json"))).RootElement.GetProperty("tensors").EnumerateArray().ToList();
        Assert.Equal(272, golden.Count);
        foreach (var tensor in golden)
        {
            using var values = file.Read(tensor.GetProperty("name").GetString()!);
            Assert.Equal(tensor.GetProperty("ne").EnumerateArray().Select(size => size.GetInt64()).Reverse(), values.shape);
            Assert.Equal(tensor.GetProperty("sha256_f32").GetString(), GoldenGguf.Sha256(values));
        }
    }

    [Fact]
    public void Logits_and_log_probabilities_agree_for_sixteen_prompts()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = Model });
        using var golden = SafetensorsFile.Open(In("golden.safetensors"));
        using var _ = no_grad();
        for (var prompt = 0; prompt < 16; prompt++)
        {
            using var scope = NewDisposeScope();
            Tensor Golden(string key) => golden.Read($"p{prompt:00}.{key}");
            var ids = Golden("ids").data<int>().ToArray();
            var logits = GoldenGguf.Logits(model.Decoder, ids);
            Assert.InRange((logits.gather(1, Golden("top_ids").to(ScalarType.Int64)) - Golden("top_logits")).abs().max().item<float>(), 0, 5e-4f);
            var normalisers = logits.to(ScalarType.Float64).logsumexp(-1);
            Assert.InRange((normalisers - Golden("logsumexp")).abs().max().item<double>(), 0, 5e-4);
            if (ids.Length > 1)
            {
                var chosen = logits.to(ScalarType.Float64)[TensorIndex.Slice(0, ids.Length - 1)].gather(1, tensor(ids[1..]).to(ScalarType.Int64).unsqueeze(1)).squeeze(1);
                var difference = chosen - normalisers[TensorIndex.Slice(0, ids.Length - 1)] - Golden("logprobs");
                Assert.InRange(difference.abs().max().item<double>(), 0, 3e-4);
                Assert.InRange(Math.Abs(difference.mean().item<double>()), 0, 1e-4);
            }
            if (golden.Names.Contains($"p{prompt:00}.last_logits"))
                Assert.InRange((logits[TensorIndex.Slice(-4)] - Golden("last_logits")).abs().max().item<float>(), 0, 5e-4f);
        }
    }

    [Fact]
    public void Greedy_ids_are_exact_through_prefill_and_cache()
    {
        using var model = PretrainedModel.Load(new ModelOptions { Path = Model });
        using var golden = SafetensorsFile.Open(In("golden.safetensors"));
        // Greedy ids of the golden data do not stop at the end of a turn.
        using var sampler = new Sampler(model.Decoder, new IdTokenizer(model.Decoder.Config.VocabularySize, end: 0), slots: 2);
        foreach (var prompt in new[] { 0, 3, 9, 12 })
        {
            int[] Golden(string key)
            {
                using var values = golden.Read($"p{prompt:00}.{key}");
                return [.. values.data<int>()];
            }
            var request = new SampleRequest(new Problem($"p{prompt}", "", ""), Golden("ids"), 1, 1);
            var response = sampler.Sample([request], new SamplingOptions { Temperature = 0, MaxNewTokens = 48 })[0].Responses[0];
            Assert.Equal(Golden("greedy_ids"), response.TokenIds);
        }
    }

    [Fact]
    public void Texts_become_the_golden_ids()
    {
        var tokenizer = PretrainedModel.LoadTokenizer(Model);
        Assert.Null(tokenizer.BeginOfSequenceId);
        Assert.Equal([2], tokenizer.EndOfSequenceIds);
        var rows = 0;
        foreach (var line in File.ReadLines(In("tokenizer-golden.jsonl")).Where(line => line.Length > 0))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var ids = row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
            if (row.TryGetProperty("text", out var text)) Assert.Equal(ids, tokenizer.Encode(text.GetString()!, parseSpecial: true));
            Assert.Equal(row.GetProperty("decoded").GetString(), tokenizer.Decode(ids, skipSpecial: false));
            rows++;
        }
        Assert.Equal(162, rows);
    }
}
