namespace FlowRL.Recipes;

/// <summary>Applies <c>--set dotted.key=value</c> to what the file says, in the order given.</summary>
internal static class RecipeOverrides
{
    public static RecipeNode.Mapping Apply(RecipeNode.Mapping recipe, IEnumerable<string> overrides, RecipeErrors errors)
    {
        foreach (var text in overrides)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var keys = (equals < 0 ? text : text[..equals]).Trim().Split('.');
            if (equals < 0 || keys.Any(k => k == "") || keys.Length > YamlReader.MaxDepth)
            {
                errors.Add(RecipePlace.Override, RecipeErrors.Quote(text),
                    "write it as key=value, with dots in the key: training.steps=200.");
                continue;
            }
            if (Value(text[(equals + 1)..].Trim(), string.Join('.', keys), errors) is { } value) recipe = Put(recipe, keys, value);
        }
        return recipe;
    }

    // Lists, mappings and quoted text are read as YAML; everything else is taken as it stands, so that '#' and ':' need no quotes.
    private static RecipeNode? Value(string text, string path, RecipeErrors errors) => text is ['[' or '{' or '\'' or '"', ..]
        ? YamlReader.Value(text, path, errors)
        : new RecipeNode.Scalar(RecipePlace.Override, text, IsPlain: true);

    private static RecipeNode.Mapping Put(RecipeNode.Mapping into, ReadOnlySpan<string> keys, RecipeNode value)
    {
        var key = keys[0];
        var old = into.Find(key);
        var replaced = keys.Length == 1 ? value : Put(AsMapping(old?.Value), keys[1..], value);
        var entry = new RecipeNode.Entry(RecipePlace.Override, key, replaced);
        if (old is null) return into with { Entries = [.. into.Entries, entry] };
        if (keys.Length > 1) entry = entry with { Place = old.Place };
        return into with { Entries = [.. into.Entries.Select(e => e.Key == key ? entry : e)] };
    }

    // A variant written in short, 'objective: flowrl', becomes { type: flowrl } when a key below it is set.
    internal static RecipeNode.Mapping AsMapping(RecipeNode? node) => node switch
    {
        RecipeNode.Mapping mapping => mapping,
        RecipeNode.Scalar { IsNull: false } scalar =>
            new RecipeNode.Mapping(RecipePlace.Override, [new RecipeNode.Entry(scalar.Place, RecipeVariants.TypeKey, scalar)]),
        _ => new RecipeNode.Mapping(RecipePlace.Override, []),
    };
}
