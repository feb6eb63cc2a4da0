using FlowRL.Models;

namespace FlowRL.Tests.Models;

public sealed class RotaryEmbeddingTests
{
    private static RotaryRule Rule(RopeScaling scaling) => new(128, 500000, scaling);

    [Fact]
    public void Plain_frequencies_are_powers_of_theta()
    {
        var frequencies = RotaryEmbedding.Frequencies(Rule(RopeScaling.None));
        Assert.Equal(64, frequencies.Length);
        Assert.Equal(1, frequencies[0]);
        Assert.Equal(Math.Pow(500000, -0.5), frequencies[32], 1e-12);
    }

    [Fact]
    public void Linear_scaling_divides_every_frequency()
    {
        var plain = RotaryEmbedding.Frequencies(Rule(RopeScaling.None));
        Assert.Equal(plain.Select(f => f / 4), RotaryEmbedding.Frequencies(Rule(new RopeScaling.Linear(4))));
    }

    /// <summary>The published Llama 3.1 setting: factor 8, low 1, high 4, 8192 positions.</summary>
    [Fact]
    public void Llama3_scaling_keeps_high_frequencies_and_divides_low_ones()
    {
        var plain = RotaryEmbedding.Frequencies(Rule(RopeScaling.None));
        var scaled = RotaryEmbedding.Frequencies(Rule(new RopeScaling.Llama3(8, 1, 4, 8192)));
        for (var i = 0; i < plain.Length; i++)
        {
            var wavelength = 2 * Math.PI / plain[i];
            if (wavelength < 2048) Assert.Equal(plain[i], scaled[i]);
            else if (wavelength > 8192) Assert.Equal(plain[i] / 8, scaled[i]);
            else Assert.InRange(scaled[i], plain[i] / 8, plain[i]);
        }
        // Halfway by hand: at a wavelength of 4096, 8192/4096 = 2, smooth = (2 − 1)/(4 − 1) = 1/3, so f·(2/3/8 + 1/3) = f·5/12.
        var exact = Rule(new RopeScaling.Llama3(8, 1, 4, 8192)) with { Width = 4, Theta = Math.Pow(4096 / (2 * Math.PI), 2) };
        var f = 2 * Math.PI / 4096;
        Assert.Equal(f * 5 / 12, RotaryEmbedding.Frequencies(exact)[1], 1e-12);
    }

    [Fact]
    public void Yarn_keeps_fast_turns_and_interpolates_slow_ones()
    {
        var plain = RotaryEmbedding.Frequencies(Rule(RopeScaling.None));
        var scaled = RotaryEmbedding.Frequencies(Rule(new RopeScaling.Yarn(4, 32, 1, 1, 4096)));
        Assert.Equal(plain[0], scaled[0]);
        Assert.Equal(plain[^1] / 4, scaled[^1], 1e-15);
        Assert.All(plain.Zip(scaled), pair => Assert.InRange(pair.Second, pair.First / 4 * 0.999999, pair.First));
    }
}
