using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Every golden family in llama.cpp itself.</summary>
public sealed class LlamaCppFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LlamaCpp _llama = new();

    public static TheoryData<string> Names => [.. GoldenFamily.Names];

    public void Dispose()
    {
        _llama.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_of_each_family_has_the_same_logits(string name)
    {
        var family = new GgufGoldenFamily(name);
        var file = family.Export(_folder.In("model.gguf")).File;
        using var model = family.Load(Known(family.Config));
        using var scope = NewDisposeScope();
        var ours = GoldenGguf.Logits(model, family.Ids());
        var theirs = tensor(_llama.Logits(file, family.Ids())).view(ours.shape);
        // It looks gelu up in a table of half precision.
        Assert.InRange(GoldenFamily.Difference(ours, theirs), 0, family.Config.Gate == GateActivation.GeluTanh ? 1e-2 : 2e-4);
    }

    [Fact]
    public void A_granite_whose_heads_do_not_turn_has_the_same_logits()
    {
        var family = new GgufGoldenFamily("granitemoehybrid");
        var config = family.Config with { LayerShapes = [.. Enumerable.Repeat(LayerShape.Plain with { Turns = false }, 3)] };
        var file = family.Export(_folder.In("model.gguf"), config: config).File;
        using var model = family.Load(config);
        using var scope = NewDisposeScope();
        var ours = GoldenGguf.Logits(model, family.Ids());
        Assert.InRange(GoldenFamily.Difference(ours, tensor(_llama.Logits(file, family.Ids())).view(ours.shape)), 0, 2e-4);
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("phi3")]
    [InlineData("qwen2")]
    public void Adapters_of_the_reference_over_a_base_have_its_logits(string name)
    {
        var family = new GgufGoldenFamily(name);
        var file = family.Export(_folder.In("model.gguf")).File;
        var adapter = family.ExportAdapter(_folder.In("adapter.gguf")).File;
        using var golden = SafetensorsFile.Open(GoldenFiles.Path("families", "adapters", name, "golden.safetensors"));
        using var scope = NewDisposeScope();
        var expected = golden.Read("logits")[0];
        Assert.InRange(GoldenFamily.Difference(expected, tensor(_llama.Logits(file, family.Ids(), adapter)).view(expected.shape)), 0, 5e-4);
    }

    /// <summary>llama.cpp rounds yarn's bounds to whole dimensions in every family, also in gpt-oss, which is trained without.</summary>
    private static DecoderConfig Known(DecoderConfig config) =>
        config.RopeScaling is RopeScaling.Yarn { Truncates: false } yarn ? config with { RopeScaling = yarn with { Truncates = true } } : config;
}
