using FlowRL.Models;
using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>Mean negative log-likelihood of responses, the prompt's tokens left out.</summary>
public static class Supervised
{
    /// <summary>Adds the gradient of the loss of <paramref name="sequences"/>, a micro-batch at a time.</summary>
    /// <returns>The loss and the mean entropy, both in nats a response token.</returns>
    public static (double Loss, double Entropy) Backward(
        Decoder model, IReadOnlyList<TokenSequence> sequences, int tokenBudget, CancellationToken cancellation)
    {
        var tokens = sequences.Sum(sequence => sequence.Response.Length);
        var (loss, entropySum) = (0.0, 0.0);
        foreach (var micro in MicroBatches.Split(sequences, tokenBudget))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var pass = new PolicyPass(model, [.. micro.Select(index => sequences[index])]);
            var (logProbs, entropy) = pass.LogProbs(temperature: 1);
            var part = -logProbs.sum() / Scalars.Of((double)tokens);
            part.backward();
            loss += part.item<float>();
            entropySum += entropy.detach().sum().item<float>();
        }
        return (loss, entropySum / tokens);
    }
}
