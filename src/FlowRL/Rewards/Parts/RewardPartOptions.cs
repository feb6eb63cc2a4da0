using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FlowRL.Rewards.Parts;

/// <summary>
/// A part of the <c>reward:</c> of a recipe. Each kind derives one record and names it with <see cref="Recipes.VariantAttribute"/>.
/// </summary>
public abstract record RewardPartOptions
{
    [Description("What the part's number is multiplied by in the sum.")]
    [Range(-1000.0, 1000.0)]
    public double Weight { get; init; } = 1;

    public abstract IRewardPart Create();
}
