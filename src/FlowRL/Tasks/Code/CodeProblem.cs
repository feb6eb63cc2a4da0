using FlowRL.Rewards.Code;

namespace FlowRL.Tasks.Code;

/// <summary>What a program of a row is to do.</summary>
/// <param name="Tests">The tests that decide.</param>
public sealed record CodeProblem(CodeTests Tests)
{
    public CodeLanguage Language { get; init; }

    /// <summary>Where responses may continue code instead of writing a whole program: that code. Empty otherwise.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What comes after a continuation, such as the brackets that C# needs.</summary>
    public string Suffix { get; init; } = "";
}
