using System.ComponentModel;
using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Recipes;

/// <summary>How answers that exist already are scored (<c>flowrl verify math</c>).</summary>
public sealed record VerifyMathRecipe
{
    [Description("How a final answer is found in a response.")]
    public ExtractionOptions Extraction { get; init; } = new();

    [Description("When two answers are the same.")]
    public AnswerRules Rules { get; init; } = new();
}
