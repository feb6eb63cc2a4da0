namespace FlowRL.Tasks;

/// <summary>The <c>task:</c> of a recipe. Each task derives one record and names it with <see cref="Recipes.VariantAttribute"/>.</summary>
public abstract record TaskOptions
{
    public abstract ITask Create();
}
