using System.ComponentModel;
using FlowRL.Rewards.Parts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>The weighted sum of a recipe's reward parts. What a response is right or wrong about stays the task's to say. Owns the parts.</summary>
internal sealed class RewardMix : IDisposable
{
    private readonly List<(string Name, double Weight, IRewardPart Part)> _parts;

    private RewardMix(IEnumerable<KeyValuePair<string, RewardPartOptions>> parts) =>
        _parts = [.. parts.Select(part => (part.Key, part.Value.Weight, part.Value.Create()))];

    /// <summary>The mix of a recipe; null where it leaves the reward to the task.</summary>
    public static RewardMix? Of(RewardOptions options) => options.Parts.Count == 0 ? null : new RewardMix(options.Parts);

    /// <summary>The parts by name.</summary>
    public IEnumerable<(string Name, IRewardPart Part)> Parts => _parts.Select(part => (part.Name, part.Part));

    /// <summary>The verdict with the sum as its reward; each part is logged under its name, beside the task's own.</summary>
    /// <exception cref="InvalidOperationException">A part gave no finite number.</exception>
    public async ValueTask<Verdict> ApplyAsync(RewardInput input, Verdict verdict, CancellationToken cancellation)
    {
        if (verdict.Reward is not Reward.Score own) return verdict;
        var parts = new Dictionary<string, double>(own.Parts);
        var sum = 0.0;
        foreach (var (name, weight, part) in _parts)
        {
            var value = await part.ScoreAsync(input, verdict, cancellation).ConfigureAwait(false);
            if (!double.IsFinite(value)) throw new InvalidOperationException($"reward.parts.{name} gave {value}");
            parts[name] = value;
            sum += weight * value;
        }
        return verdict with { Reward = new Reward.Score(sum, parts) };
    }

    public void Dispose()
    {
        foreach (var (_, _, part) in _parts) (part as IDisposable)?.Dispose();
    }
}

/// <summary>What a response earns.</summary>
public sealed record RewardOptions
{
    [Description("Parts of the reward by name, added up by weight; without any the task's own reward counts alone. Each is logged as reward/<name>.")]
    public IReadOnlyDictionary<string, RewardPartOptions> Parts { get; init; } = new OrderedDictionary<string, RewardPartOptions>();
}
