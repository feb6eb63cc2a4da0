using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Adapters;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Families;

/// <summary>Adapters of PEFT against what PEFT computes with them: fused matrices, scales by √rank, ranks and alphas by patterns.</summary>
public sealed class GoldenAdapterTests
{
    private const double Tolerance = 5e-4;

    public static TheoryData<string, string> Adapters => new() { { "llama", "llama" }, { "qwen2", "qwen2" }, { "phi3", "phi3" }, { "llama-rslora", "llama" } };

    [Theory]
    [MemberData(nameof(Adapters))]
    public void An_adapter_adds_what_it_adds_in_peft_before_and_after_merging(string name, string family)
    {
        var golden = new GoldenFamily(family);
        using var model = Load(name, golden);
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(Folder(name), "golden.safetensors"));
        Assert.InRange(golden.Difference(model), 1, 100);
        Assert.InRange(GoldenFamily.Difference(golden.Logits(model), file.Read("logits")), 0, Tolerance);
        model.MergeAdapters();
        Assert.InRange(GoldenFamily.Difference(golden.Logits(model), file.Read("merged_logits")), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Gradients_of_an_adapter_are_pefts(string name, string family)
    {
        var path = Path.Combine(SharedModels.PathOf("families"), "adapters", name, "gradients.safetensors");
        var golden = new GoldenFamily(family);
        using var model = Load(name, golden);
        using var scope = NewDisposeScope();
        GoldenLoss.Of(model, golden.Ids()).backward();
        using var gradients = SafetensorsFile.Open(path);
        foreach (var (weight, value) in model.Adapters!.Weights)
        {
            using var expected = gradients.Read(weight);
            Assert.InRange(GoldenFamily.Difference(value.grad!, expected) / expected.abs().max().item<float>(), 0, 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void An_adapter_is_saved_as_it_was(string name, string family)
    {
        using var folder = new TemporaryFolder();
        using var model = Load(name, new GoldenFamily(family));
        AdapterFolder.Write(folder.Path, model.Adapters!, "base");
        Assert.Equal(AdapterConfigJson.Read(Folder(name)).Options, AdapterConfigJson.Read(folder.Path).Options);
        using var saved = SafetensorsFile.Open(folder.In(AdapterFolder.WeightsName));
        using var original = SafetensorsFile.Open(Path.Combine(Folder(name), AdapterFolder.WeightsName));
        Assert.Equal(original.Names.Order(StringComparer.Ordinal), saved.Names.Order(StringComparer.Ordinal));
        using var scope = NewDisposeScope();
        foreach (var weight in original.Names) Assert.True(original.Read(weight).Equals(saved.Read(weight)), weight);
    }

    [Fact]
    public void Matrices_that_are_rows_of_one_are_adapted_as_a_whole()
    {
        var config = new GoldenFamily("phi3").Config();
        Assert.Equal([Projection.OProj, Projection.DownProj, Projection.QkvProj, Projection.GateUpProj],
            new AdapterPlan(config, new LoraOptions { Rank = 2 }).Options.TargetModules);
        Assert.Equal("model.lora.target_modules: in models of the family 'phi3' 'q_proj' is a part of 'qkv_proj', which is adapted as a whole; " +
            "name k_proj and v_proj too, or leave it out.", Refusal(config, Projection.QProj));
        Assert.Equal("model.lora.target_modules: models of the family 'phi3' have no matrix 'w1' that can be adapted; leave it out (they have " +
            "o_proj, down_proj, qkv_proj, gate_up_proj).", Refusal(config, Projection.W1));
    }

    [Fact]
    public void Experts_in_one_tensor_cannot_be_adapted() => Assert.Equal(
        "model.lora.target_modules: models of the family 'gpt_oss' have no matrix 'up_proj' that can be adapted; leave it out (they have " +
        "q_proj, k_proj, v_proj, o_proj).", Refusal(new GoldenFamily("gpt_oss").Config(), Projection.UpProj));

    [Fact]
    public void Each_expert_and_each_convolution_has_an_adapter_of_its_own()
    {
        var experts = new AdapterPlan(new GoldenFamily("qwen3_moe").Config(), new LoraOptions { Rank = 2, TargetModules = [Projection.GateProj] });
        Assert.Equal(3 * 8, experts.Adapters.Count());
        var convolutions = new AdapterPlan(new GoldenFamily("lfm2").Config(),
            new LoraOptions { Rank = 2, TargetModules = [Projection.OutProj, Projection.InProj] });
        Assert.Equal(["model.layers.0.conv.in_proj", "model.layers.0.conv.out_proj", "model.layers.1.self_attn.out_proj", "model.layers.2.conv.in_proj",
            "model.layers.2.conv.out_proj"], convolutions.Adapters.Select(adapter => adapter.Matrix.Module));
    }

    private static string Refusal(DecoderConfig config, Projection target) =>
        Assert.Throws<BadInputException>(() => new AdapterPlan(config, new LoraOptions { Rank = 2, TargetModules = [target] })).Message;

    private static string Folder(string name) => GoldenFiles.Path("families", "adapters", name);

    private static Decoder Load(string name, GoldenFamily family)
    {
        var options = AdapterConfigJson.Read(Folder(name)).Options;
        var model = family.Load(lora: options);
        using var weights = AdapterFolder.OpenWeights(Folder(name), options, model.Config);
        model.Adapters!.Weights.CopyFrom(weights, name);
        return model;
    }
}
