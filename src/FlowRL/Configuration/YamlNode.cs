namespace FlowRL.Configuration;

/// <summary>What was written, before it has a type: the tree of a YAML document without anchors, aliases and tags.</summary>
internal abstract record YamlNode(YamlPlace Place)
{
    /// <summary>One value. Only plain (unquoted) text can mean null.</summary>
    public sealed record Scalar(YamlPlace Place, string Text, bool IsPlain) : YamlNode(Place)
    {
        public bool IsNull => IsPlain && Text is "" or "~" or "null";
    }

    public sealed record Sequence(YamlPlace Place, IReadOnlyList<YamlNode> Items) : YamlNode(Place);

    public sealed record Mapping(YamlPlace Place, IReadOnlyList<Entry> Entries) : YamlNode(Place)
    {
        public Entry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);
    }

    /// <summary>A key with the place where it stands.</summary>
    public sealed record Entry(YamlPlace Place, string Key, YamlNode Value);
}

/// <summary>Where a value was written: a line of a file (from 1; 0 when the file as a whole is meant) or a <c>--set</c>.</summary>
internal readonly record struct YamlPlace(string Source, int Line)
{
    public static YamlPlace Override { get; } = new("--set", -1);

    /// <summary>The beginning of an error message: <c>recipe.yaml:7: </c>, <c>recipe.yaml: </c> or <c>--set </c>.</summary>
    public override string ToString() => Line switch
    {
        < 0 => $"{Source} ",
        0 => $"{Source}: ",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Source}:{Line}: "),
    };
}
