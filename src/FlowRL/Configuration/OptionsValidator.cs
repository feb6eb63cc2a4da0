namespace FlowRL.Configuration;

/// <summary>
/// Asks every record that constrains its own fields. A record with a value that could not be read is not asked: what it says would be
/// about defaults that nobody wrote.
/// </summary>
internal sealed class OptionsValidator(OptionsErrors errors, IReadOnlyList<string> badPaths)
{
    private YamlNode.Mapping? _root;

    public void Check(object record, YamlNode.Mapping written)
    {
        _root = written;
        Walk(record, "");
    }

    private void Walk(object record, string path)
    {
        foreach (var key in OptionsShape.Of(record.GetType()).Keys)
        {
            var keyPath = OptionsBinder.Join(path, key.Name);
            if (key.Decides(record)) RequireAlone(key, path);
            if (key.Value.Kind is RecipeValueKind.Record or RecipeValueKind.Variant && key.Get(record) is { } inner) Walk(inner, keyPath);
            if (key.Value.Item is { IsScalar: false } && key.Get(record) is System.Collections.IList items)
                for (var i = 0; i < items.Count; i++) Walk(items[i]!, $"{keyPath}[{i}]");
            if (key.Value is { Kind: RecipeValueKind.Map, Item.Kind: RecipeValueKind.Record or RecipeValueKind.Variant } &&
                key.Get(record) is System.Collections.IDictionary named)
                foreach (System.Collections.DictionaryEntry entry in named) Walk(entry.Value!, OptionsBinder.Join(keyPath, (string)entry.Key));
        }
        if (record is IValidated validated && !badPaths.Any(bad => IsWithin(bad, path)))
            foreach (var sentence in validated.Validate()) Report(sentence, path);
    }

    private void RequireAlone(OptionKey key, string path)
    {
        var record = path == "" ? _root : path.Split('.').Aggregate((YamlNode?)_root, (node, name) => (node as YamlNode.Mapping)?.Find(name)?.Value);
        if (record is not YamlNode.Mapping written || written.Find(key.InsteadOf!) is not { } other || written.Find(key.Name) is not { } own) return;
        if (own.Place == YamlPlace.Override && other.Place != YamlPlace.Override) return;
        errors.Add(other.Place, OptionsBinder.Join(path, other.Key), $"{key.Name} stands beside it and would decide in its place; leave one of the two " +
            $"out, or set {key.Name} to 0.");
    }

    private void Report(string sentence, string path)
    {
        var colon = sentence.IndexOf(": ", StringComparison.Ordinal);
        var key = colon < 0 ? path : OptionsBinder.Join(path, sentence[..colon]);
        errors.Add(Place(key), key, colon < 0 ? sentence : sentence[(colon + 2)..]);
    }

    // The place of the deepest part of the key that was written.
    private YamlPlace Place(string path)
    {
        var (place, node) = (_root!.Place, (YamlNode)_root);
        foreach (var key in path.Split('.'))
        {
            if ((node as YamlNode.Mapping)?.Find(key) is not { } entry) break;
            (place, node) = (entry.Place, entry.Value);
        }
        return place;
    }

    private static bool IsWithin(string path, string parent) =>
        parent == "" || path == parent || path.StartsWith(parent + ".", StringComparison.Ordinal)
            || path.StartsWith(parent + "[", StringComparison.Ordinal);
}

/// <summary>Options whose fields constrain each other. Ranges of single fields are attributes; this is for the rest.</summary>
public interface IValidated
{
    /// <summary>One sentence an error, each beginning with the key it is about (dotted, relative to this record) and a colon.</summary>
    IEnumerable<string> Validate();
}
