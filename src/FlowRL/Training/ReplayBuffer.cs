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

    public void Restore(string path)
    {
        using var stream = File.OpenRead(path);
        _groups.Clear();
        _groups.AddRange(JsonSerializer.Deserialize<List<List<TrainingSample>>>(stream)
            ?? throw new BadInputException($"{path} is empty; resume from an earlier checkpoint."));
    }
}
