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

    /// <summary>The problem with at most so many inputs, the longest of them, in their order; tests of other kinds stay.</summary>
    public CodeProblem WithLongest(int most)
    {
        var kept = Tests.Items.Where(test => Length(test) is not null).OrderByDescending(Length).Take(most).ToHashSet(ReferenceEqualityComparer.Instance);
        return this with { Tests = Tests with { Items = [.. Tests.Items.Where(test => Length(test) is null || kept.Contains(test))] } };
    }

    private static int? Length(CodeTest test) => test switch
    {
        CodeTest.Whole whole => whole.Input.Length,
        CodeTest.Arguments arguments => arguments.Values.ToJsonString().Length,
        _ => null,
    };
}
