using System.Text.Json;

namespace FlowRL.Training;

/// <summary>
/// Groups of earlier steps, oldest out first. What is drawn carries the log-probabilities it was sampled with, so the importance
/// weight corrects for its age.
/// </summary>
internal sealed class ReplayBuffer(ReplayOptions options)
{
    private readonly List<IReadOnlyList<TrainingSample>> _groups = [];

    public int Count => _groups.Count;

    /// <summary>Keeps the groups of a step and forgets the oldest beyond the capacity.</summary>
    public void Add(IEnumerable<IReadOnlyList<TrainingSample>> groups)
    {
        if (options.Capacity == 0) return;
        _groups.AddRange(groups);
        if (_groups.Count > options.Capacity) _groups.RemoveRange(0, _groups.Count - options.Capacity);
    }

    /// <summary>
    /// Distinct groups chosen by <paramref name="seed"/>; fewer than asked for while the buffer fills. Groups beyond the bound on staleness
    /// are forgotten.
    /// </summary>
    /// <param name="seed">Of this draw.</param>
    /// <param name="version">Optimiser steps that the policy has taken.</param>
    public IReadOnlyList<IReadOnlyList<TrainingSample>> Draw(ulong seed, long version)
    {
        if (options.MaxStaleness > 0) _groups.RemoveAll(group => version - group[0].PolicyVersion > options.MaxStaleness);
        return [.. Seeds.Permutation(seed, _groups.Count).Take(options.Groups).Select(index => _groups[index])];
    }

    public void Save(string path)
    {
        using var stream = File.Create(path);
        JsonSerializer.Serialize(stream, _groups);
        stream.Flush(flushToDisk: true);
    }

    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="vocabulary">Ids that the model knows.</param>
    /// <exception cref="BadInputException">The file is missing or damaged.</exception>
    public void Restore(string path, int vocabulary)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var groups = JsonSerializer.Deserialize<List<List<TrainingSample>>>(stream, Strict) ?? [];
            if (groups.Exists(group => group is not { Count: > 0 } || group.Exists(sample => sample is null || !IsWhole(sample, vocabulary))))
                throw new JsonException("a response in it is not whole");
            _groups.Clear();
            _groups.AddRange(groups);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BadInputException($"{path} is damaged ({e.Message.TrimEnd('.')}); resume from an earlier checkpoint.", e);
        }
    }

    private static bool IsWhole(TrainingSample sample, int vocabulary)
    {
        var length = sample.Sequence.Response.Length;
        bool Fits(Array values) => values.Length == length || values.Length == 0;
        return length > 0 && sample.Sequence.Prompt.Length > 0 && sample.LossMask.Length == length
            && sample.Sequence.Prompt.Concat(sample.Sequence.Response).All(id => id >= 0 && id < vocabulary)
            && Fits(sample.BehaviourLogProbs) && Fits(sample.SamplerLogProbs) && Fits(sample.ReferenceLogProbs) && Fits(sample.Values)
            && Fits(sample.Credit.TokenAdvantages) && Fits(sample.Credit.TokenReturns);
    }

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
}
