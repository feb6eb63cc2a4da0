using CsCheck;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Tests.Numerics;

public sealed unsafe class LogitRowsTests
{
    [Fact]
    public void Log_probabilities_entropies_and_gradients_are_those_of_double_precision() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 700], Gen.Double[0.3, 2], Gen.Double[0.1, 30], Gen.Int[0, 1000]).Sample(
        (rows, vocabulary, temperature, spread, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)seed, CPU);
            var z = randn([rows, vocabulary], generator: generator) * spread;
            var tokens = randint(vocabulary, [rows], generator: generator, dtype: ScalarType.Int64);
            Tensor dLogProb = randn([rows], generator: generator), dEntropy = randn([rows], generator: generator);
            var exact = z.to_type(ScalarType.Float64).requires_grad_(true);
            var logP = exact.div(temperature).log_softmax(1);
            Tensor chosen = logP.gather(1, tokens.unsqueeze(1)).squeeze(1), entropy = -(logP.exp() * logP).sum(1);
            ((chosen * dLogProb).sum() + (entropy * dEntropy).sum()).backward();

            var summaries = empty(rows, LogitRows.SummaryNumbers);
            var gradient = z.clone();
            float* at = TensorMemory.Floats(gradient), sums = TensorMemory.Floats(summaries);
            var y = (long*)TensorMemory.Pointer(tokens);
            LogitRows.Summarise(at, rows, vocabulary, y, temperature, sums);
            LogitRows.Differentiate(at, rows, vocabulary, y, temperature, sums, TensorMemory.Floats(dLogProb), TensorMemory.Floats(dEntropy));

            AssertClose(chosen, summaries[TensorIndex.Colon, 2], 2e-5 * (1 + spread / temperature));
            AssertClose(entropy, summaries[TensorIndex.Colon, 3], 2e-5 * (1 + spread / temperature));
            AssertClose(exact.grad!, gradient, 2e-5 * (1 + spread / temperature) / temperature);
        }, iter: 100, threads: 1);

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected.detach() - actual).abs().max().item<double>(), 0, tolerance);
}
