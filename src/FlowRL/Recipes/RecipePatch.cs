namespace FlowRL.Recipes;

/// <summary>What patches of all recipes share.</summary>
public abstract class RecipePatch
{
    private protected RecipePatch(RecipeNode.Mapping written) => Written = written;

    internal RecipeNode.Mapping Written { get; }

    /// <summary>Reads a text; <paramref name="sourceName"/> stands for the file in error messages.</summary>
    /// <exception cref="BadInputException">The text is not YAML, or not a list of keys.</exception>
    public static RecipePatch<T> Parse<T>(string text, string sourceName) where T : class
    {
        var errors = new RecipeErrors();
        var document = YamlReader.Document(text, sourceName, errors);
        errors.ThrowIfAny();
        return new RecipePatch<T>(document!);
    }

    /// <summary>Keys of both: where both are mappings, key by key; otherwise the changed one.</summary>
    private protected static RecipeNode.Mapping Merge(RecipeNode.Mapping into, RecipeNode.Mapping changes)
    {
        var kept = into.Entries.Select(old => changes.Find(old.Key) is { } change ? change with { Value = Merge(old.Value, change.Value) } : old);
        return into with { Entries = [.. kept, .. changes.Entries.Where(change => into.Find(change.Key) is null)] };
    }

    private static RecipeNode Merge(RecipeNode old, RecipeNode change) => change is RecipeNode.Mapping changes
        // Whoever names a type starts from its defaults: keys of the old type would mean nothing.
        && changes.Find(RecipeVariants.TypeKey) is null && old is not RecipeNode.Sequence
        ? Merge(RecipeOverrides.AsMapping(old), changes) : change;
}
