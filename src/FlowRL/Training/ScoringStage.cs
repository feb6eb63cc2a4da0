using FlowRL.Models;
using FlowRL.Objectives;

namespace FlowRL.Training;

/// <summary>Computes what an objective asks to know of samples before credit is assigned, without gradient.</summary>
/// <param name="policy">The policy at the start of the updates; borrowed.</param>
/// <param name="reference">The frozen reference; borrowed.</param>
/// <param name="needs">What the objective asks for.</param>
/// <param name="options">Of the step.</param>
internal sealed class ScoringStage(TrainedPolicy policy, Decoder reference, ObjectiveNeeds needs, StepOptions options)
{
    /// <summary>Log-probabilities under the reference. Kept with replayed samples, since the reference does not change.</summary>
    public IReadOnlyList<TrainingSample> WithReference(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (!needs.HasFlag(ObjectiveNeeds.Reference)) return samples;
        // Before the first update the policy is the reference, and has scored its samples already.
        if (policy.Version == 0 && options.HasOneTemperature && policy.Decoder.Weights.HasSameNumbers(reference.Weights))
        {
            return [.. samples.Select(sample => sample with { ReferenceLogProbs = sample.BehaviourLogProbs })];
        }
        var scores = ReferenceScorer.Score(reference, Sequences(samples), options.Temperature, options.Training.TokenBudget, cancellation);
        return [.. samples.Select((sample, i) => sample with { ReferenceLogProbs = scores[i] })];
    }

    /// <summary>Log-probabilities under the policy as it is now, and the critic's values.</summary>
    /// <param name="samples">Fresh and replayed ones.</param>
    /// <param name="isExact">Whether fresh samples' own log-probabilities are as the trainer computes them.</param>
    /// <param name="cancellation">Ends scoring.</param>
    public IReadOnlyList<TrainingSample> WithPolicy(IReadOnlyList<TrainingSample> samples, bool isExact, CancellationToken cancellation) =>
        WithValues(WithProximal(samples, isExact, cancellation), cancellation);

    private IReadOnlyList<TrainingSample> WithProximal(IReadOnlyList<TrainingSample> samples, bool isExact, CancellationToken cancellation)
    {
        bool IsKnown(TrainingSample sample) => !needs.HasFlag(ObjectiveNeeds.ProximalLogProbs)
            || (isExact && options.HasOneTemperature && sample.PolicyVersion == policy.Version);
        var scores = new Queue<float[]>(LogProbScorer.Score(policy.Decoder, Sequences([.. samples.Where(sample => !IsKnown(sample))]),
            options.Temperature, options.Training.TokenBudget, cancellation));
        return [.. samples.Select(sample => sample with { ProximalLogProbs = IsKnown(sample) ? sample.BehaviourLogProbs : scores.Dequeue() })];
    }

    private IReadOnlyList<TrainingSample> WithValues(IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        if (policy.Critic is null) return samples;
        var values = LogProbScorer.Values(policy.Decoder, policy.Critic, Sequences(samples), options.Training.TokenBudget, cancellation);
        return [.. samples.Select((sample, i) => sample with { Values = values[i] })];
    }

    private static IReadOnlyList<TokenSequence> Sequences(IReadOnlyList<TrainingSample> samples) => [.. samples.Select(sample => sample.Sequence)];
}
