using CsCheck;
using FlowRL.Rollouts;

namespace FlowRL.Tests.Rollouts;

public sealed class TokenSamplerTests
{
    private static readonly Gen<float[]> Logits = Gen.Float[-12, 12].Array[1, 60];
    private static readonly Gen<SamplingOptions> Truncated = Gen.Select(Gen.Int[0, 20], Gen.Double[0.05, 1], Gen.Double[0, 0.5], Gen.Double[0.2, 3],
        (k, p, minP, temperature) => new SamplingOptions { TopK = k, TopP = p, MinP = minP, Temperature = temperature });

    private static readonly Gen<(float[] Logits, SamplingOptions Options, Dictionary<int, double> Kept)> Cases = Gen.Select(Logits, Truncated)
        .Select((logits, options) => (logits, options, kept: Kept(logits, options)!)).Where(c => c.kept is not null);

    /// <summary>What may be drawn is what sorting the whole vocabulary and cutting it gives.</summary>
    [Fact]
    public void Truncation_keeps_what_a_full_sort_keeps() => Gen.Select(Cases, Gen.Double[0, 0.999999]).Sample((c, uniform) =>
    {
        var (logits, options, kept) = c;

        var drawn = TokenSampler.Draw(logits, options, uniform);

        Assert.Contains(drawn.Id, kept.Keys);
        var whole = logits.Sum(logit => Math.Exp((logit - logits[drawn.Id]) / options.Temperature));
        Assert.Equal(-Math.Log(whole), drawn.LogProb, tolerance: 1e-4); // of the policy, whatever is cut off
    });

    /// <summary>Of thousands of tokens most are passed over unseen, and none that counts: with few or many kept, at ends of stretches and beyond them.</summary>
    [Fact]
    public void Truncation_of_large_vocabularies_keeps_what_a_full_sort_keeps() => Gen.Select(
        Gen.Int[900, 9000], Gen.ULong, Gen.Int[0, 200], Gen.OneOf(Gen.Const(1.0), Gen.Double[0.05, 0.999]), Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.1]),
        Gen.Double[0, 0.999999]).Sample((count, seed, topK, topP, minP, uniform) =>
    {
        float[] logits = [.. Enumerable.Range(0, count).Select(i => (float)(24 * Math.Pow(Seeds.Uniform(seed, i), 4)))];
        var options = new SamplingOptions { TopK = topK, TopP = topP, MinP = minP };
        if (Kept(logits, options) is not { } kept) return;
        Assert.Contains(TokenSampler.Draw(logits, options, uniform).Id, kept.Keys);
        // The last uniform numbers draw the last token, so that too few would show as too many do.
        Assert.Equal(kept.Keys.Max(), TokenSampler.Draw(logits, options, 1 - 1e-12).Id);
    }, iter: 300);

    /// <summary>Evenly spread uniform numbers draw each token as often as its probability says.</summary>
    [Fact]
    public void Draws_invert_the_cumulative_distribution() => Cases.Sample((logits, options, kept) =>
    {
        const int Draws = 2000;
        var counts = Enumerable.Range(0, Draws).CountBy(i => TokenSampler.Draw(logits, options, (i + 0.5) / Draws).Id).ToDictionary();

        foreach (var (id, weight) in kept) Assert.InRange(counts.GetValueOrDefault(id) - (Draws * weight / kept.Values.Sum()), -1.01, 1.01);
    }, iter: 50);

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(0, 0.38)]
    [InlineData(2, 0.9)]
    public void Of_tokens_that_are_alike_the_first_are_kept(int topK, double topP)
    {
        var options = new SamplingOptions { TopK = topK, TopP = topP };
        var drawn = Enumerable.Range(0, 100).Select(i => TokenSampler.Draw([-1, 2, 2, 2, 2, 2], options, (i + 0.5) / 100).Id).Distinct().Order();
        Assert.Equal([1, 2], drawn);
    }

    [Fact]
    public void Temperature_zero_takes_the_first_most_likely_token() =>
        Assert.Equal(1, TokenSampler.Draw([0, 3, 3, 1], new SamplingOptions { Temperature = 0 }, 0.99).Id);

    [Fact]
    public void Logits_that_are_not_finite_are_an_error() =>
        Assert.Throws<InvalidOperationException>(() => TokenSampler.Draw([0, float.NaN], new SamplingOptions(), 0.5));

    /// <summary>
    /// (token, weight) of all that may be drawn: in double precision, from the whole vocabulary in order. Null where rounding decides whether a token is
    /// the last.
    /// </summary>
    private static Dictionary<int, double>? Kept(float[] logits, SamplingOptions options)
    {
        var largest = logits.Max();
        var weights = logits.Select(logit => Math.Exp((logit - largest) / options.Temperature)).ToList();
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(id => (float)weights[id]).ThenBy(id => id).ToList();
        var (total, mass, kept) = (weights.Sum(), 0.0, new Dictionary<int, double>());
        foreach (var id in order)
        {
            if (Math.Abs(mass - (options.TopP * total)) < 1e-5 * total || Math.Abs(weights[id] - options.MinP) < 1e-5) return null;
            var isFull = (options.TopK > 0 && kept.Count == options.TopK) || (options.TopP < 1 && mass >= options.TopP * total) || weights[id] < options.MinP;
            if (isFull && kept.Count > 0)
            {
                var last = weights[order[kept.Count - 1]];
                if (last - weights[id] < 1e-5 * last) return null; // alike: the sampler may keep the other
                break;
            }
            kept[id] = weights[id];
            mass += weights[id];
        }
        return kept;
    }
}
