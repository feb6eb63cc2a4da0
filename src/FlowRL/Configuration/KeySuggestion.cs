namespace FlowRL.Configuration;

/// <summary>What was probably meant by a key that there is not: the end of an error message.</summary>
/// <param name="root">The recipe's shape.</param>
/// <param name="written">The whole recipe as it was written: which variants it chooses.</param>
/// <param name="variants">What can be chosen.</param>
internal sealed class KeySuggestion(OptionsShape root, YamlNode.Mapping written, OptionVariants variants)
{
    /// <summary>
    /// First what other trainers' users mean by the name, then a neighbour with a similar name, then the same name elsewhere in the recipe, else the
    /// names that there are.
    /// </summary>
    /// <param name="name">The key.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="shape">The keys that there are in that place.</param>
    public string For(string name, string path, OptionsShape shape)
    {
        var names = shape.Keys.Select(key => key.Name);
        if (Foreign(name, path) is { } foreign) return foreign;
        if (Spelling.Nearest(name, names) is { } near) return $"; did you mean '{OptionsBinder.Join(path, near)}'?";
        if (Places(root, "").FirstOrDefault(place => place.EndsWith($".{name}", StringComparison.Ordinal)) is { } other)
            return $"; did you mean '{other}'?";
        return shape.Keys.Count == 0 ? "; there are no keys here." : $"; the keys here are {OptionNames.List(names)}.";
    }

    private string? Foreign(string name, string path)
    {
        var targets = ForeignKeys.Find(name);
        // Whoever writes FlowRL's own key of another variant is not thinking of another trainer.
        if (targets.Any(target => target.Keys.Contains(OptionsBinder.Join(path, name)))) return null;
        if (targets.FirstOrDefault(target => Has(target, chosen: true)) is { } here) return $"; in FlowRL this is {Told(here)}.";
        return targets.FirstOrDefault(target => Has(target, chosen: false)) is { } elsewhere
            ? $"; in FlowRL this is {Told(elsewhere)}, which this {elsewhere.Keys[0].Split('.')[0]} does not have." : null;
    }

    private static string Told(ForeignTarget target) =>
        string.Join(" and ", target.Keys.Select(key => $"'{key}'")) + (target.Note == "" ? "" : $" ({target.Note})");

    private bool Has(ForeignTarget target, bool chosen) => target.Keys.All(key => Has(root, written, key.Split('.'), chosen));

    /// <summary>Whether there is such a key: in the variant that the recipe has chosen, or in any.</summary>
    private bool Has(OptionsShape shape, YamlNode? node, ReadOnlySpan<string> path, bool chosen)
    {
        if (shape.Find(path[0]) is not { } key) return false;
        if (path.Length == 1) return true;
        var value = (node as YamlNode.Mapping)?.Find(key.Name)?.Value;
        if (key.Value.Kind == RecipeValueKind.Record) return Has(OptionsShape.Of(key.Value.Type), value, path[1..], chosen);
        if (key.Value.Kind != RecipeValueKind.Variant) return false;
        var named = variants.Of(key.Value.Type);
        var type = value is YamlNode.Mapping mapping ? mapping.Find(OptionVariants.TypeKey)?.Value : value;
        foreach (var one in named.Where(one => !chosen || (type as YamlNode.Scalar)?.Text == one.Key))
            if (Has(OptionsShape.Of(one.Value), value, path[1..], chosen)) return true;
        return false;
    }

    private static IEnumerable<string> Places(OptionsShape shape, string path) => shape.Keys.SelectMany(key => key.Value.Kind == RecipeValueKind.Record
        ? Places(OptionsShape.Of(key.Value.Type), OptionsBinder.Join(path, key.Name)) : [OptionsBinder.Join(path, key.Name)]);
}
