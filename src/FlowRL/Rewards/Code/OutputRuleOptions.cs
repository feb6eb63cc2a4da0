using FlowRL.Recipes;

namespace FlowRL.Rewards.Code;

/// <summary>The <c>output:</c> of a recipe. Derive a record and name it with <see cref="VariantAttribute"/> to add a judge of your own.</summary>
public abstract record OutputRuleOptions
{
    /// <summary>The judge; it must be thread-safe.</summary>
    public abstract IOutputJudge Create();
}
