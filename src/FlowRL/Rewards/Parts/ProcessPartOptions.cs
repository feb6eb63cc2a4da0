using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Recipes;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// A program of the user's that scores responses: it reads a JSON object a line from standard input (<c>problem</c>, <c>prompt</c>, <c>reference</c>,
/// <c>response</c>, <c>length</c>, <c>truncated</c>, <c>correct</c>) and answers each with a line, <c>{"reward": 0.5}</c> or <c>{"error": "why"}</c>.
/// </summary>
[Variant("process")]
public sealed record ProcessPartOptions : RewardPartOptions, IValidated
{
    [Description("The program and its arguments. It runs only where --allow-programs is given, because a recipe is data.")]
    public required IReadOnlyList<string> Command { get; init; }

    [Description("Copies of the program that run side by side.")]
    [Range(1, 256)]
    public int Processes { get; init; } = 1;

    [Description("Seconds for one response; then the copy is ended and started again, and the response has no reward.")]
    [Range(0.01, 3600.0)]
    public double Seconds { get; init; } = 5;

    public override IRewardPart Create() => new ProcessReward(this);

    public IEnumerable<string> Validate()
    {
        if (Command.Count == 0 || Command[0] == "") yield return "command: names no program; give it as a list, such as [python3, score.py].";
    }
}
