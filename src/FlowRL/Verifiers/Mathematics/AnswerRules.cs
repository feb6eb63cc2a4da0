using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>Rules on which graders disagree. The defaults take what a teacher would take.</summary>
public sealed record AnswerRules
{
    [Description("What 10% equals: either (10 or 0.1, whichever the other answer is), ratio (0.1), or number (10).")]
    public PercentRule Percent { get; init; } = PercentRule.Either;

    [Description("Whether order matters in a list without brackets: 1, 2 against 2, 1. It always matters in tuples, and never in sets.")]
    public bool ListOrder { get; init; }

    [Description("Whether a unit that only one answer has makes them different: 10 cm against 10. Different units always do.")]
    public bool Units { get; init; }

    [Description("Whether x = 5 equals 5, and y = 2x + 1 equals 2x + 1.")]
    public bool BareEquations { get; init; } = true;

    [Description("Whether x > 3 equals (3, \\infty).")]
    public bool InequalityIsInterval { get; init; } = true;

    [Description("Relative difference up to which two numbers are equal; 0 asks for equality (0.5 is 1/2, 0.333 is not 1/3).")]
    [Range(0.0, 0.1)]
    public double RelativeTolerance { get; init; }

    /// <summary>The rules of the MATH data set's own grader: a percent sign is dropped, order in lists matters.</summary>
    public static AnswerRules Hendrycks { get; } = new() { Percent = PercentRule.Number, ListOrder = true };
}

/// <summary>What 10% is.</summary>
public enum PercentRule
{
    /// <summary>10 or 0.1, whichever the other answer is.</summary>
    Either,

    /// <summary>0.1.</summary>
    Ratio,

    /// <summary>10: the sign is dropped like a unit.</summary>
    Number,
}
