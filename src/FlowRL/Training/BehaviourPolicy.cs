using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Rollouts;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// The policies that sampled responses may be from: the one that is trained and, where sampling stays an update behind, a copy of it as it was
/// before. The one place that computes what a rollout engine does not promise.
/// </summary>
internal sealed class BehaviourPolicy : IDisposable
{
    private const long NoVersion = -1;
    private readonly Decoder _policy;
    private readonly Decoder? _copy;
    private readonly Tensor _copyVersion = tensor([NoVersion]).DetachFromDisposeScope(); // a tensor, because it is saved with the weights

    /// <param name="policy">The one that is trained; borrowed.</param>
    /// <param name="keepsCopy">Whether responses may be from before the last update.</param>
    public BehaviourPolicy(Decoder policy, bool keepsCopy)
    {
        _policy = policy;
        if (!keepsCopy) return;
        _copy = new Decoder(policy.Config, policy.Device, policy.Head.dtype) { LongestSequence = policy.LongestSequence };
        _copy.Weights.RequireGradient(false);
    }

    /// <summary>The policy of the last <see cref="Copy"/>; the trained one itself where no copy is kept.</summary>
    public Decoder Latest => _copy ?? _policy;

    /// <summary>Updates that <see cref="Latest"/> had; null before the first copy.</summary>
    public long? CopyVersion => _copyVersion.item<long>() is var version and not NoVersion ? version : null;

    /// <summary>What resuming needs beside the model; borrowed.</summary>
    internal IEnumerable<(string Name, Tensor Value)> State() => _copy is null ? [] :
        _copy.Weights.Select(pair => ($"rollout.{pair.Key}", pair.Value)).Append(("rollout_version", _copyVersion));

    /// <summary>Copies the policy as it is now; does nothing where no copy is kept.</summary>
    /// <param name="version">Updates that it has had.</param>
    public void Copy(long version)
    {
        if (_copy is null) return;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var (name, weight) in _copy.Weights) weight.copy_(_policy.Merged(name));
        _copyVersion.fill_(Scalars.Of(version));
    }

    /// <summary>
    /// The samples with <see cref="TrainingSample.BehaviourLogProbs"/> of the policies that drew them: the engine's where it promises exact ones, else
    /// each token's under the version that drew it.
    /// </summary>
    /// <param name="samples">Freshly sampled, in the order of <paramref name="versions"/>.</param>
    /// <param name="versions">The policy version of each response's tokens.</param>
    /// <param name="current">Updates that the trained policy has had.</param>
    /// <param name="promises">The engine's.</param>
    /// <param name="options">Sampling temperature and token budget.</param>
    /// <param name="cancellation">Ends scoring.</param>
    /// <exception cref="InvalidOperationException">A token is from a version that is gone.</exception>
    internal IReadOnlyList<TrainingSample> WithLogProbs(IReadOnlyList<TrainingSample> samples, IReadOnlyList<long[]> versions, long current,
        EnginePromises promises, StepOptions options, CancellationToken cancellation)
    {
        if (promises.LogProbs == LogProbQuality.Exact) return samples;
        var behaviour = samples.Select(sample => new float[sample.LossMask.Length]).ToArray();
        foreach (var version in versions.SelectMany(tokens => tokens).Distinct().Order())
        {
            int[] drawn = [.. Enumerable.Range(0, samples.Count).Where(i => versions[i].Contains(version))];
            var scores = LogProbScorer.Score(Of(version, current), [.. drawn.Select(i => samples[i].Sequence)],
                options.Rollout.Sampling.Temperature, options.Training.TokenBudget, cancellation);
            foreach (var (i, score) in drawn.Zip(scores))
            {
                for (var t = 0; t < score.Length; t++)
                {
                    if (versions[i][t] == version) behaviour[i][t] = score[t];
                }
            }
        }
        return [.. samples.Zip(behaviour, (sample, logProbs) => sample with
        {
            BehaviourLogProbs = logProbs,
            SamplerLogProbs = promises.LogProbs == LogProbQuality.None ? logProbs : sample.SamplerLogProbs,
        })];
    }

    public void Dispose()
    {
        _copy?.Dispose();
        _copyVersion.Dispose();
    }

    private Decoder Of(long version, long current) => _copy is not null && CopyVersion == version ? _copy : version == current ? _policy
        : throw new InvalidOperationException($"The rollout engine sampled with policy version {version}, where {current} is being trained and " +
            $"{(CopyVersion is { } copy ? $"{copy} is kept" : "no other is kept")}; it promised to be no further behind.");
}
