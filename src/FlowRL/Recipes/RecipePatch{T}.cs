namespace FlowRL.Recipes;

/// <summary>
/// Some keys of a recipe of type <typeparamref name="T"/>, as they were written: a whole recipe, or changes to one. What they say is
/// checked when they become a recipe, with the places where they stand.
/// </summary>
public sealed class RecipePatch<T> : RecipePatch where T : class
{
    internal RecipePatch(RecipeNode.Mapping written) : base(written) { }

    /// <summary>These keys with <paramref name="changes"/> on top of them.</summary>
    public RecipePatch<T> With(RecipePatch<T> changes) => new(Merge(Written, changes.Written));

    /// <summary>The recipe that the keys make.</summary>
    /// <param name="variants">What <c>type:</c> can select; this library's own when null.</param>
    /// <exception cref="BadInputException">Something in it is wrong.</exception>
    public T ToRecipe(RecipeVariants? variants = null)
    {
        var errors = new RecipeErrors();
        var recipe = (T)new RecipeBinder(variants ?? RecipeVariants.BuiltIn, errors).Bind(Written, typeof(T));
        errors.ThrowIfAny();
        return recipe;
    }
}
