namespace FlowRL.Objectives;

/// <summary>
/// The <c>objective:</c> of a recipe. Each algorithm derives one record and names it with <see cref="Recipes.VariantAttribute"/>.
/// </summary>
public abstract record ObjectiveOptions
{
    public abstract IObjective Create();
}
