namespace FlowRL.Configuration;

/// <summary>A key of a recipe with everything above it.</summary>
/// <param name="Path">Dotted.</param>
/// <param name="Key">As its record declares it.</param>
/// <param name="Default">What it is where a recipe does not give it; null for a required key.</param>
/// <param name="Variant">The type that has it, where it is a key of a variant.</param>
internal sealed record ListedKey(string Path, OptionKey Key, object? Default, string? Variant);

/// <summary>All keys that a recipe may hold, in the order of declaration: those of every variant too.</summary>
internal static class OptionsKeys
{
    public static IEnumerable<ListedKey> Of(Type recipe, OptionVariants variants) =>
        Of(OptionsShape.Of(recipe), OptionsShape.Of(recipe).Create(), "", null, variants);

    private static IEnumerable<ListedKey> Of(OptionsShape shape, object defaults, string path, string? variant, OptionVariants variants)
    {
        foreach (var key in shape.Keys)
        {
            var name = OptionsBinder.Join(path, key.Name);
            var value = key.IsRequired ? null : key.Get(defaults);
            yield return new ListedKey(name, key, value, variant);
            var below = key.Value.Kind switch
            {
                RecipeValueKind.Record => Of(OptionsShape.Of(key.Value.Type), value ?? OptionsShape.Of(key.Value.Type).Create(), name, variant, variants),
                RecipeValueKind.Variant => variants.Of(key.Value.Type)
                    .SelectMany(one => Of(OptionsShape.Of(one.Value), OptionsShape.Of(one.Value).Create(), name, one.Key, variants)),
                _ => [],
            };
            foreach (var one in below) yield return one;
        }
    }
}
