using System.ComponentModel;
using System.Text.RegularExpressions;
using FlowRL.Configuration;
using FlowRL.Tasks;

namespace FlowRL.Rewards.Parts;

/// <summary>1 where a response matches a regular expression, else 0: a format that is asked for, or with a negative weight one that is not.</summary>
[Variant("pattern")]
public sealed record PatternPartOptions : RewardPartOptions, IValidated
{
    [Description("A regular expression (.NET, without back-references and look-around, so that matching is linear in the response); anywhere in the response " +
        "unless it has ^ and $.")]
    public required string Pattern { get; init; }

    public override IRewardPart Create() => new Part(new Regex(Pattern, Options));

    public IEnumerable<string> Validate()
    {
        string? problem = null;
        try
        {
            _ = new Regex(Pattern, Options);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            problem = $"pattern: not a regular expression that can be used ({wrong.Message.Split('\n')[0].TrimEnd('.')}).";
        }
        if (problem is not null) yield return problem;
    }

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private sealed class Part(Regex pattern) : IRewardPart
    {
        public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) =>
            ValueTask.FromResult(pattern.IsMatch(input.Response) ? 1.0 : 0.0);
    }
}
