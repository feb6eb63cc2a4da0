using FlowRL.Recipes;

namespace FlowRL.Rewards.Code;

/// <summary>The expected output, character by character; only line ends of the whole may differ.</summary>
[Variant("exact")]
public sealed record ExactOutputOptions : OutputRuleOptions, IOutputJudge
{
    public override IOutputJudge Create() => this;

    public bool Accepts(string input, string expected, string output) => output.TrimEnd('\r', '\n') == expected.TrimEnd('\r', '\n');
}
