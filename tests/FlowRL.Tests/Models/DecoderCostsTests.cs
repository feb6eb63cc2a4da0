using FlowRL.Models;
using FlowRL.Tests.Models.Families;

namespace FlowRL.Tests.Models;

public sealed class DecoderCostsTests
{
    [Theory]
    [InlineData("llama", 3)]
    [InlineData("lfm2", 1)] // the others are convolutions
    [InlineData("qwen3_5", 1)] // the others mix by the delta rule
    public void Layers_without_attention_keep_no_keys_and_attend_to_nothing(string family, int attending)
    {
        var config = new GoldenFamily(family).Config();
        Assert.Equal(attending, config.LayerShapes.Count == 0 ? config.Layers : config.LayerShapes.Count(shape => shape.Mixing == LayerMixing.Attention));
        Assert.Equal(2.0 * attending * config.KeyValueHeads * config.HeadWidth, DecoderCosts.CacheNumbers(config));
        Assert.Equal(4.0 * attending * config.Heads * config.HeadWidth, DecoderCosts.AttentionFlops(config));
    }
}
