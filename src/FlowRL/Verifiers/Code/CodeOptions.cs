using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>How programs are run and judged.</summary>
public sealed record CodeOptions
{
    [Description("Seconds of processor time that a test may take; on the clock it may take twice as long and a second more.")]
    [Range(0.05, 3600.0)]
    public double TimeLimit { get; init; } = 4;

    [Description("End at the first test that fails. The share of passed tests is then that up to there.")]
    public bool StopAtFailure { get; init; }

    [Description("Longest program, in characters.")]
    [Range(100, 1 << 24)]
    public int MaxCharacters { get; init; } = 1 << 16;

    [Description("Whether Python programs may use without importing them the names that LiveCodeBench's harness puts before every program, such as List, " +
        "Counter, inf and heappush, and LeetCode's ListNode and TreeNode. A program's own names are never changed.")]
    public bool UsualImports { get; init; } = true;

    [Description("Folders of Python packages that programs may import, such as site-packages of a virtual environment; they see them read-only.")]
    public IReadOnlyList<string> Packages { get; init; } = [];

    [Description("When what a program prints is right.")]
    public OutputRuleOptions Output { get; init; } = new TokenOutputOptions();

    [Description("Where programs run, and what they may use.")]
    public SandboxOptions Sandbox { get; init; } = new();
}

/// <summary>A language that programs are run in.</summary>
public enum CodeLanguage
{
    /// <summary>Python, by the system's interpreter.</summary>
    Python,

    /// <summary>C#, compiled by Roslyn.</summary>
    CSharp,
}
