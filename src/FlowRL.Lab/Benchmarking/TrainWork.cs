using FlowRL.Training;

namespace FlowRL.Lab.Benchmarking;

/// <summary>What is trained in one run.</summary>
/// <param name="MiniBatches">Each ends with an optimiser step.</param>
/// <param name="TokenBudget">Tokens of a forward and backward pass.</param>
/// <param name="Optimizer">The optimiser.</param>
internal sealed record TrainWork(IReadOnlyList<IReadOnlyList<TokenSequence>> MiniBatches, int TokenBudget, OptimizerOptions Optimizer)
{
    private const int ShapeBudget = 8192;

    public long Tokens => MiniBatches.Sum(sequences => sequences.Sum(sequence => (long)sequence.Length));

    /// <summary>One mini-batch of a shape's prompts, with responses of these lengths.</summary>
    public static TrainWork Of(BenchmarkShape shape, IEnumerable<int> responses)
    {
        // Next tokens differ from inputs: labels equal to inputs saturate the softmax and measure denormals.
        var ids = Math.Min(500, shape.Config.VocabularySize);
        return new TrainWork([[.. responses.Select((length, i) => new TokenSequence(
            [.. Enumerable.Range(0, shape.PromptTokens).Select(t => (13 * i + 7 * t) % ids)],
            [.. Enumerable.Range(0, length + 1).Select(t => (17 * i + 11 * t + 3) % ids)]))]],
            ShapeBudget, new OptimizerOptions { LearningRate = 1e-4 });
    }
}
