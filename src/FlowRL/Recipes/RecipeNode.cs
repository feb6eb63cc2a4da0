namespace FlowRL.Recipes;

/// <summary>What was written, before it has a type: the tree of a YAML document without anchors, aliases and tags.</summary>
internal abstract record RecipeNode(RecipePlace Place)
{
    /// <summary>One value. Only plain (unquoted) text can mean null.</summary>
    public sealed record Scalar(RecipePlace Place, string Text, bool IsPlain) : RecipeNode(Place)
    {
        public bool IsNull => IsPlain && Text is "" or "~" or "null";
    }

    public sealed record Sequence(RecipePlace Place, IReadOnlyList<RecipeNode> Items) : RecipeNode(Place);

    public sealed record Mapping(RecipePlace Place, IReadOnlyList<Entry> Entries) : RecipeNode(Place)
    {
        public Entry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);
    }

    /// <summary>A key with the place where it stands.</summary>
    public sealed record Entry(RecipePlace Place, string Key, RecipeNode Value);
}
