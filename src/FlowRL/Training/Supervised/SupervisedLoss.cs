using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Training.Supervised;

/// <summary>
/// Mean negative log-likelihood of the taught tokens of a whole step: a token weighs the same whichever example, pass or pack it is in.
/// </summary>
internal static class SupervisedLoss
{
    /// <summary>Adds the gradient of the loss of <paramref name="sequences"/>, as many a pass as fit <paramref name="tokenBudget"/>.</summary>
    /// <inheritdoc cref="Backward(Decoder, IReadOnlyList{TokenSequence[]}, ulong, CancellationToken)"/>
    public static (double Loss, double Entropy) Backward(
        Decoder model, IReadOnlyList<TokenSequence> sequences, int tokenBudget, ulong dropoutSeed, CancellationToken cancellation) =>
        Backward(model, MicroBatches.Of(sequences, tokenBudget), dropoutSeed, cancellation);

    /// <summary>Adds the gradient of the loss, a pass at a time. Sequences of one pass do not see each other.</summary>
    /// <param name="model">The policy.</param>
    /// <param name="passes">What goes through it together.</param>
    /// <param name="dropoutSeed">Of the adapters' dropout, where they have some.</param>
    /// <param name="cancellation">Ends it between passes.</param>
    /// <returns>The loss and the mean entropy, both in nats a taught token.</returns>
    public static (double Loss, double Entropy) Backward(
        Decoder model, IReadOnlyList<TokenSequence[]> passes, ulong dropoutSeed, CancellationToken cancellation)
    {
        var tokens = passes.Sum(sequences => sequences.Sum(sequence => sequence.TaughtTokens));
        var (loss, entropySum) = (0.0, 0.0);
        foreach (var (number, sequences) in passes.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var dropping = model.DropOut(Seeds.Derive(dropoutSeed, "micro-batch", number));
            using var scope = NewDisposeScope();
            var share = sequences.Sum(sequence => sequence.TaughtTokens) / (double)tokens;
            using var pass = new PolicyPass(model, sequences, share);
            var (logProbs, entropy) = pass.LogProbs(temperature: 1);
            var part = -logProbs.sum() / Scalars.Of((double)tokens);
            part.backward();
            loss += part.item<float>() + pass.BalanceLoss;
            entropySum += entropy.detach().sum().item<float>();
        }
        return (loss, entropySum / tokens);
    }

    /// <summary>The loss alone; 0 of nothing.</summary>
    /// <param name="model">The policy.</param>
    /// <param name="sequences">What it is measured on.</param>
    /// <param name="tokenBudget">Tokens of a pass.</param>
    /// <param name="cancellation">Ends it between passes.</param>
    public static double Of(Decoder model, IReadOnlyList<TokenSequence> sequences, int tokenBudget, CancellationToken cancellation)
    {
        var scores = ReferenceScorer.Score(model, sequences, 1, tokenBudget, cancellation);
        return -scores.Index().Sum(score => score.Item.Index().Where(token => sequences[score.Index].IsTaught(token.Index)).Sum(token => (double)token.Item))
            / Math.Max(1, sequences.Sum(sequence => sequence.TaughtTokens));
    }
}
