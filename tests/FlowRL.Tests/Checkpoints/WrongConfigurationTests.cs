using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Models.Families;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Checkpoints;

/// <summary>Configurations of models that are not computed here: each is refused with a sentence that names what is wrong.</summary>
public sealed class WrongConfigurationTests
{
    [Theory]
    [InlineData("bidirectional", "use_bidirectional_attention is on: an encoder sees what comes after, and only decoders are supported; use a decoder")]
    [InlineData("experts-per-token", "num_experts_per_tok is 9 and must be from 1 to the 8 experts")]
    [InlineData("head-dim-odd", "head_dim is 15 and must be even, because positions rotate pairs")]
    [InlineData("hidden-act", "hidden_act is 'swoosh'; only silu is supported")]
    [InlineData("kv-heads", "num_attention_heads is 4, no multiple of num_key_value_heads 3")]
    [InlineData("layer-kind-missing", "layer_types names 2 layers of 3")]
    [InlineData("longrope-length", "rope_parameters.long_factor has 5 numbers where the 12 rotated dimensions need 6")]
    [InlineData("no-rope-length", "no_rope_layers has 2 entries for 4 layers")]
    [InlineData("quantization", "quantization_config says that the weights are quantised; use the model's F32, F16 or BF16 version")]
    [InlineData("query-factor-missing", "rope_parameters.llama_4_scaling_beta is missing")]
    [InlineData("rope-factor-missing", "rope_parameters.factor is missing")]
    [InlineData("rope-interleaved",
        "rope_interleaved is true: neighbouring dimensions would turn together, and only halves of a head can; use a model that is stored so")]
    [InlineData("rope-kind-missing", "rope_parameters has nothing for 'full_attention'; add how the heads of these layers turn")]
    [InlineData("rope-type", "rope_parameters.rope_type is 'spiral'; default, linear, dynamic, llama3 and yarn are supported")]
    [InlineData("window-missing", "sliding_window is missing although layer_types has sliding_attention; give the window of these layers")]
    [InlineData("layer-kind-unknown",
        "layer_types has 'chunked_attention', which this family cannot be read with; it may have sliding_attention and full_attention")]
    [InlineData("mamba-layers",
        "layer_types has 'linear_attention', which this family cannot be read with; it may have full_attention and attention")]
    [InlineData("model-type", "model_type is 'llamoid'; the families that can be loaded are {families}")]
    public void A_model_that_is_not_computed_here_is_refused(string name, string sentence)
    {
        var folder = GoldenFiles.Path("families", "wrong", name);
        var expected = sentence.Replace("{families}", ModelFamilies.BuiltIn.List("and"), StringComparison.Ordinal);
        Assert.Equal($"{Path.Combine(folder, "config.json")} cannot be used: {expected}. Correct the file or choose another model.",
            Assert.Throws<BadInputException>(() => DecoderConfigJson.Read(folder)).Message);
    }

    public static TheoryData<string, int> WildLayers()
    {
        var data = new TheoryData<string, int>();
        foreach (var family in GoldenFamily.Names)
            foreach (var layers in new[] { -1, 2_000_000_000 }) data.Add(family, layers);
        return data;
    }

    [Theory]
    [MemberData(nameof(WildLayers))]
    public void As_many_layers_as_no_model_has_are_refused_in_every_family(string family, int layers)
    {
        using var folder = new TemporaryFolder();
        var fields = JsonNode.Parse(File.ReadAllText(GoldenFiles.Path("families", family, "config.json")))!.AsObject();
        fields["num_hidden_layers"] = layers;
        // Lists are of the layers that were.
        foreach (var list in fields.Where(field => field.Value is JsonArray).Select(field => field.Key).ToList()) fields.Remove(list);
        folder.Write("config.json", fields.ToJsonString());
        // One family must be told of each layer, and misses that first.
        var named = family == "granitemoehybrid" ? "layer_types " : "num_hidden_layers ";
        Assert.Contains(named, Assert.Throws<BadInputException>(() => DecoderConfigJson.Read(folder.In("."))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_case_is_tested() => Assert.Equal(18, Directory.GetDirectories(GoldenFiles.Path("families", "wrong")).Length);
}
