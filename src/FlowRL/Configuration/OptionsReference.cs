using System.Text;

namespace FlowRL.Configuration;

/// <summary>The table of all keys of a recipe, in Markdown.</summary>
public static class OptionsReference
{
    public static string Markdown<T>(OptionVariants? variants = null) where T : class
    {
        var known = variants ?? OptionVariants.BuiltIn;
        var text = new StringBuilder("| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var (path, key, value, variant) in OptionsKeys.Of(typeof(T), known))
        {
            var meaning = (variant is null ? "" : $"With `{variant}`: ") + key.Description;
            Row(text, path, Takes(key, known), key.IsRequired ? "required" : Default(key, value), meaning);
        }
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, string takes, string value, string meaning) => text
        .Append("| `").Append(name).Append("` | ").Append(takes).Append(" | ").Append(value).Append(" | ")
        .Append(meaning.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)).Append(" |\n");

    private static string Takes(OptionKey key, OptionVariants variants) => key.Value.Kind switch
    {
        RecipeValueKind.Integer or RecipeValueKind.Number => $"{key.Value.Needed["a ".Length..]} {key.Limits}".TrimEnd(),
        RecipeValueKind.Choice => Codes(OptionNames.Choices(key.Value.Type)),
        RecipeValueKind.Variant => Codes(variants.Of(key.Value.Type).Keys),
        RecipeValueKind.List => "list",
        RecipeValueKind.Record => "keys below",
        RecipeValueKind.Map => $"names of your choice, each with {Takes(key.Value.Item!)}",
        RecipeValueKind.Patch => Takes(key.Value),
        _ => key.Value.Needed,
    };

    private static string Takes(OptionValue value) =>
        value.Kind == RecipeValueKind.Patch ? $"keys of a {OptionNames.Of(value.Patched.Name).Replace('_', ' ')}" : value.Needed;

    private static string Codes(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"`{n}`"));

    private static string Default(OptionKey key, object? value) => value is null ? "`null`"
        : key.Value.IsScalar || key.Value.Item is { IsScalar: true } ? $"`{OptionsWriter.Inline(value, key.Value)}`" : "";
}
