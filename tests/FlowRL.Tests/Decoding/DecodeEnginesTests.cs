using FlowRL.Decoding;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Decoding;

/// <summary>A model that the CPU engine cannot serve is served by the other one, and that is said.</summary>
public sealed class DecodeEnginesTests
{
    [Theory]
    [InlineData(EngineKind.Auto)]
    [InlineData(EngineKind.Cpu)]
    public void Another_engine_than_expected_is_said_with_the_reason(EngineKind kind)
    {
        using var model = TinyModels.Create(TinyModels.Config() with { AttentionSinks = true, EmbeddingScale = 2 });
        using var engine = DecodeEngines.Create(model, new DecodeOptions { Engine = kind });
        Assert.IsType<TensorEngine>(engine);
        Assert.Null(DecodeEngines.Scorer(model));
        Assert.Equal(
            "sampling with tensor operations: the CPU engine, which is faster, cannot serve this model (attention sinks)",
            DecodeEngines.Note(model, new DecodeOptions { Engine = kind }));
        Assert.Equal(
            "sampling with tensor operations, in the model's own types: the CPU engine, which is faster, cannot serve this model (attention sinks)",
            DecodeEngines.Note(model, new DecodeOptions { Engine = kind, Cache = DecodeType.Bfloat16 }));
    }

    [Fact]
    public void Nothing_is_said_where_the_engine_is_the_one_that_was_asked_for()
    {
        using var narrow = TinyModels.Create(TinyModels.Config());
        Assert.Null(DecodeEngines.Note(narrow, new DecodeOptions { Engine = EngineKind.Tensor }));
        using var wide = TinyModels.Create(TinyModels.Config("qwen3"));
        foreach (var kind in Enum.GetValues<EngineKind>())
        {
            Assert.Null(DecodeEngines.Note(wide, new DecodeOptions { Engine = kind }));
            using var engine = DecodeEngines.Create(wide, new DecodeOptions { Engine = kind });
            Assert.Equal(kind == EngineKind.Tensor, engine is TensorEngine);
        }
    }
}
