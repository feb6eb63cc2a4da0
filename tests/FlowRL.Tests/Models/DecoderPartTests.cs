using System.Reflection;
using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Models;

/// <summary>Whatever a description asks for is a part that each reader knows or declines by name.</summary>
public sealed class DecoderPartTests
{
    /// <summary>Numbers that every reader takes as they are, tables that stand once, ids, and sizes of parts that layers ask for.</summary>
    private static readonly string[] NoParts =
    [
        "ModelType", "VocabularySize", "Width", "FeedForwardWidth", "Layers", "Heads", "KeyValueHeads", "HeadWidth", "ContextLength", "NormEpsilon",
        "RopeTheta", "TiedEmbeddings", "EndOfSequenceIds", "BeginOfSequenceId", "PaddingId", "InitializerRange", "ConvolutionTaps", "DeltaRule",
        "TokenizerSize", "DrawnTokens",
    ];

    [Fact]
    public void Every_property_of_a_description_is_a_part_but_for_sizes_and_ids()
    {
        var plain = TinyModels.Config();
        Assert.Empty(DecoderParts.Of(plain));
        var parts = new List<DecoderPart>();
        foreach (var property in typeof(DecoderConfig).GetProperties().Where(property => !NoParts.Contains(property.Name)))
        {
            foreach (var value in Others(property, plain))
            {
                var config = plain with { };
                property.SetValue(config, value);
                parts.Add(Assert.Single(DecoderParts.Of(config)));
            }
        }
        Assert.Equal(Enum.GetValues<DecoderPart>().Order(), parts.Order());
    }

    [Fact]
    public void A_part_that_somebody_does_not_know_is_refused_by_name()
    {
        var config = TinyModels.Config("qwen3") with { Gate = GateActivation.GeluTanh, EmbeddingScale = 2 };
        Assert.Null(DecoderParts.Unknown(config, Enum.GetValues<DecoderPart>()));
        Assert.Equal("norms on each head's queries and keys, gates with gelu", DecoderParts.Unknown(config, DecoderPart.EmbeddingScale));
        using var model = TinyModels.Create(config);
        Assert.Equal("The plain model cannot compute a model of the family 'qwen3' with gates with gelu, an embedding scale; choose another model.",
            Assert.Throws<BadInputException>(() => new PlainModel(model)).Message);
    }

    private static IEnumerable<object> Others(PropertyInfo property, DecoderConfig plain)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(bool)) return [true];
        if (type == typeof(double)) return [2.0];
        if (type == typeof(int)) return [2];
        // Both ways of norms after a branch are one part.
        if (type == typeof(NormPlacement)) return [NormPlacement.After];
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Where(value => !value.Equals(property.GetValue(plain)));
        return property.Name switch
        {
            "RopeScaling" => [new RopeScaling.LongRope([1], [2], 1, 8)],
            "QueryGrowth" => [new QueryGrowth(0.1, 8)],
            "Experts" => [new ExpertShape(4, 2, 8), new ExpertShape(4, 2, 8) { AreStacked = true }],
            "Names" => [WeightNames.Plain with { GateUp = "mlp.gate_up_proj" }],
            "LayerShapes" => new[]
            {
                LayerShape.Plain with { Window = 4 },
                LayerShape.Plain with { Turns = false },
                LayerShape.Plain with { Mixing = LayerMixing.ShortConvolution },
                LayerShape.Plain with { Mixing = LayerMixing.DeltaRule },
            }.Select(shape => (LayerShape[])[shape, LayerShape.Plain]),
            _ => throw new InvalidOperationException($"{property.Name} has no example of another value here."),
        };
    }
}
