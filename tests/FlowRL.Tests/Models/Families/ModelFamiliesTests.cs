using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Models.Families;

public sealed class ModelFamiliesTests
{
    [Fact]
    public void Families_have_names_of_their_own()
    {
        Assert.Superset(new HashSet<string> { "llama", "qwen2", "qwen3" }, ModelFamilies.BuiltIn.Names.ToHashSet());
        Assert.Null(ModelFamilies.BuiltIn.Find("nimbus"));
        Assert.Equal("FlowRL.Tests.Models.Families.Nimbus and FlowRL.Tests.Models.Families.Nimbus are both the family 'nimbus'.",
            Assert.Throws<InvalidOperationException>(() => new ModelFamilies([new Nimbus(), new Nimbus()])).Message);
    }

    [Fact]
    public void Families_are_listed_in_the_order_of_the_alphabet()
    {
        Assert.Equal("llama, nimbus and qwen2", new ModelFamilies([new Qwen2(), new Nimbus(), new Llama()]).List("and"));
        Assert.Equal("nimbus or qwen2", new ModelFamilies([new Qwen2(), new Nimbus()]).List("or"));
        Assert.Equal("nimbus", new ModelFamilies([new Nimbus()]).List("or"));
    }

    [Fact]
    public void A_part_that_a_family_has_no_field_for_is_not_lost_in_writing()
    {
        using var folder = new TemporaryFolder();
        string Refusal(DecoderConfig config) =>
            Assert.Throws<ArgumentException>(() => DecoderConfigJson.Write(folder.In("config.json"), config, families: NimbusModel.Families)).Message;
        Assert.Equal("This shape cannot be written as a config.json: llama has no field for EmbeddingScale 2, which would be read as 1. (Parameter 'config')",
            Refusal(TinyModels.Config() with { EmbeddingScale = 2 }));
        Assert.Equal(
            "This shape cannot be written as a config.json: hidden_act is 'gelu_pytorch_tanh'; only silu is supported; " +
            "llama has no field for Gate GeluTanh, which would be read as Silu. (Parameter 'config')",
            Refusal(TinyModels.Config() with { Gate = GateActivation.GeluTanh }));
        Assert.Equal("This shape cannot be written as a config.json: llama has no field for other names of weights. (Parameter 'config')",
            Refusal(TinyModels.Config() with { Names = WeightNames.Plain with { Head = "output.weight" } }));
        Assert.Equal(
            "This shape cannot be written as a config.json: nimbus has no field for FeedForwardBias False, which would be read as True; " +
            "nimbus has no field for QueryKeyNorm None, which would be read as EachHead; nimbus has no field for other names of weights. (Parameter 'config')",
            Refusal(TinyModels.Config() with { ModelType = "nimbus" }));
        Assert.Empty(folder.FileNames());
    }

    [Fact]
    public void A_gate_that_a_family_does_not_have_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("config.json",
            """{"model_type":"nimbus","hidden_act":"relu2","hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"num_attention_heads":1,"vocab_size":9}""");
        Assert.Equal($"{path} cannot be used: hidden_act is 'relu2'; only silu and gelu_pytorch_tanh are supported. Correct the file or choose another model.",
            Assert.Throws<BadInputException>(() => DecoderConfigJson.Read(path, NimbusModel.Families)).Message);
    }
}
