using System.Text.Json;
using System.Text.Json.Serialization;
using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models;

/// <summary>
/// Pretrained models against numbers of an independent float64 forward pass (the golden_greedy.json beside each, see its SOURCE.txt).
/// </summary>
public sealed class GoldenModelTests
{
    private sealed record Golden(int[] Tokens, [property: JsonPropertyName("logits_first_8_positions")] float[][] Logits);

    [Theory]
    [InlineData("stories260K", "stories260K.bin")]
    [InlineData("babyllama", "model5000.bin")]
    public void Greedy_ids_are_exact_and_logits_agree(string name, string file)
    {
        var golden = JsonSerializer.Deserialize<Golden>(File.ReadAllText(GoldenFiles.Path(name, "golden_greedy.json")),
            JsonOutput.Options)!;
        using var model = PretrainedModel.Load(new ModelOptions { Path = GoldenFiles.Path(name, file) });

        using (NewDisposeScope())
        using (no_grad())
        {
            using var pack = new PackedSequences([golden.Tokens[..8]], CPU);
            var logits = model.Decoder.Logits(model.Decoder.Hidden(pack.Ids, new PackedAttention(pack)));
            var expected = tensor(golden.Logits.SelectMany(row => row).ToArray(), logits.shape);
            Assert.InRange((logits - expected).abs().max().item<float>(), 0, 1e-3);
        }

        // Through prefill and cache.
        using var sampler = new Sampler(model.Decoder, model.Tokenizer, slots: 2);
        var request = new SampleRequest(new Problem("golden", "", ""), golden.Tokens[..1], 1, 1);
        var options = new SamplingOptions { Temperature = 0, MaxNewTokens = golden.Tokens.Length - 1 };
        var response = sampler.Sample([request], options)[0].Responses[0];
        Assert.Equal(golden.Tokens[1..], response.TokenIds);
    }

    [Fact]
    public void A_hugging_face_folder_loads_saves_and_loads_again_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var model = TinyRuns.Model();
        PretrainedModel.Save(folder.In("model"), model);
        using var again = PretrainedModel.Load(new ModelOptions { Path = folder.In("model") });
        Assert.Equal(model.Decoder.Config, again.Decoder.Config with { EndOfSequenceIds = model.Decoder.Config.EndOfSequenceIds });
        Assert.Equal(model.Decoder.Config.EndOfSequenceIds, again.Decoder.Config.EndOfSequenceIds);
        foreach (var (name, weight) in model.Decoder.Weights) Assert.True(weight.Equals(again.Decoder.Weights[name]), name);
        Assert.Equal(model.Tokenizer.Encode("3,12=15:"), again.Tokenizer.Encode("3,12=15:"));
    }

    /// <summary>The same forward pass on the GPU; skipped where there is none.</summary>
    [Fact]
    public void Cuda_computes_what_the_cpu_computes()
    {
        Assert.SkipUnless(cuda.is_available(), "no CUDA device");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var onCpu = TinyModels.Create(TinyModels.Config("qwen3"));
        using var onGpu = new Decoder(onCpu.Config, CUDA);
        onGpu.Weights.CopyFrom(onCpu.Weights);
        int[][] sequences = [[5, 6, 7, 8], [3, 4]];
        using var cpuPack = new PackedSequences(sequences, CPU);
        using var gpuPack = new PackedSequences(sequences, CUDA);
        var expected = onCpu.Hidden(cpuPack.Ids, new PackedAttention(cpuPack));
        var actual = onGpu.Hidden(gpuPack.Ids, new PackedAttention(gpuPack)).cpu();
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-3);
    }
}
