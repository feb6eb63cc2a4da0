using CsCheck;
using FlowRL.Numerics;

namespace FlowRL.Tests.Numerics;

public sealed class SoftmaxRowTests
{
    [Fact]
    public void Weights_and_their_sum_are_those_of_the_definition_for_any_length() =>
        Gen.Select(Gen.Float[-40f, 40f].Array[1, 300], Gen.Float[0.1f, 3f]).Sample((logits, scale) =>
        {
            var row = new SoftmaxRow(logits, scale);
            // The exponential stays above 1e-38, where the exact one goes to zero.
            var exact = logits.Select(logit => Math.Exp((double)scale * (logit - logits.Max()))).ToArray();
            return row.Largest == logits.Max() && Math.Abs(row.Total / exact.Sum() - 1) < 2e-5
                && row.Weights.ToArray().Zip(exact, (w, x) => Math.Abs(w - x) <= 2e-5 * x + 2e-38).All(close => close)
                && Math.Abs(row.LogProb(0) - (scale * (logits[0] - logits.Max()) - Math.Log(exact.Sum()))) < 1e-4;
        });
}
