namespace FlowRL.Configuration;

/// <summary>Applies <c>--set dotted.key=value</c> to what the file says, in the order given.</summary>
internal static class OptionsOverrides
{
    public static YamlNode.Mapping Apply(YamlNode.Mapping recipe, IEnumerable<string> overrides, OptionsErrors errors)
    {
        foreach (var text in overrides)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var keys = (equals < 0 ? text : text[..equals]).Trim().Split('.');
            if (equals < 0 || keys.Any(k => k == "") || keys.Length > YamlReader.MaxDepth)
            {
                errors.Add(YamlPlace.Override, OptionsErrors.Quote(text),
                    "write it as key=value, with dots in the key: training.steps=200.");
                continue;
            }
            if (Value(text[(equals + 1)..].Trim(), string.Join('.', keys), errors) is { } value) recipe = Put(recipe, keys, value);
        }
        return recipe;
    }

    // Lists, mappings and quoted text are read as YAML; everything else is taken as it stands, so that '#' and ':' need no quotes.
    private static YamlNode? Value(string text, string path, OptionsErrors errors) => text is ['[' or '{' or '\'' or '"', ..]
        ? YamlReader.Value(text, path, errors)
        : new YamlNode.Scalar(YamlPlace.Override, text, IsPlain: true);

    private static YamlNode.Mapping Put(YamlNode.Mapping into, ReadOnlySpan<string> keys, YamlNode value)
    {
        var key = keys[0];
        var old = into.Find(key);
        var replaced = keys.Length == 1 ? value : Put(AsMapping(old?.Value), keys[1..], value);
        var entry = new YamlNode.Entry(YamlPlace.Override, key, replaced);
        if (old is null) return into with { Entries = [.. into.Entries, entry] };
        if (keys.Length > 1) entry = entry with { Place = old.Place };
        return into with { Entries = [.. into.Entries.Select(e => e.Key == key ? entry : e)] };
    }

    // A variant written in short, 'objective: flowrl', becomes { type: flowrl } when a key below it is set.
    internal static YamlNode.Mapping AsMapping(YamlNode? node) => node switch
    {
        YamlNode.Mapping mapping => mapping,
        YamlNode.Scalar { IsNull: false } scalar =>
            new YamlNode.Mapping(YamlPlace.Override, [new YamlNode.Entry(scalar.Place, OptionVariants.TypeKey, scalar)]),
        _ => new YamlNode.Mapping(YamlPlace.Override, []),
    };
}
