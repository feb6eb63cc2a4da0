using CsCheck;
using FlowRL.Numerics;

namespace FlowRL.Tests.Numerics;

public sealed class SoftmaxKernelTests
{
    [Fact]
    public void Weights_and_their_sum_are_those_of_the_definition_for_any_length() =>
        Gen.Select(Gen.Float[-40f, 40f].Array[1, 300], Gen.Float[0.1f, 3f]).Sample((logits, scale) =>
        {
            var largest = SoftmaxKernel.Largest(logits);
            var weights = new float[logits.Length];
            var total = SoftmaxKernel.Weights(logits, largest, scale, weights);
            // The exponential stays above 1e-38, where the exact one goes to zero.
            var exact = logits.Select(logit => Math.Exp((double)scale * (logit - logits.Max()))).ToArray();
            return largest == logits.Max() && Math.Abs(total / exact.Sum() - 1) < 2e-5
                && weights.Zip(exact, (w, x) => Math.Abs(w - x) <= 2e-5 * x + 2e-38).All(close => close);
        });
}
