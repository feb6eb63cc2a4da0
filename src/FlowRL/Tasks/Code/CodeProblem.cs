using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>What a program of a row is to do.</summary>
/// <param name="Tests">The tests that decide.</param>
internal sealed record CodeProblem(CodeTests Tests)
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

/// <summary>A row of programming problems.</summary>
/// <param name="Text">What is asked, or code to continue.</param>
/// <param name="Problem">What decides.</param>
/// <param name="Id">What the row calls itself.</param>
/// <param name="Solution">A program that is right; null where the row has none.</param>
internal sealed record CodeRow(string Text, CodeProblem Problem, string? Id, string? Solution);
