namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>Ids with a role.</summary>
/// <param name="Begin">Put before a text, if anything is.</param>
/// <param name="Ends">Those that end a response: the end of a text, of a turn, of a message.</param>
/// <param name="Padding">What fills short rows.</param>
/// <param name="Unknown">What stands for what the vocabulary lacks.</param>
internal sealed record GgufSpecialTokens(int? Begin, IReadOnlyList<int> Ends, int? Padding, int? Unknown)
{
    private const string Prefix = "tokenizer.ggml.";
    private const string BeginKey = Prefix + "bos_token_id";
    private const string PaddingKey = Prefix + "padding_token_id";
    private const string UnknownKey = Prefix + "unknown_token_id";
    private static readonly string[] EndKeys = [Prefix + "eos_token_id", Prefix + "eot_token_id", Prefix + "eom_token_id"];

    /// <param name="metadata">A file's.</param>
    /// <param name="size">How many tokens there are.</param>
    public static GgufSpecialTokens Read(GgufMetadata metadata, int size)
    {
        int? Id(string key) => metadata.Whole(key) is not { } id ? null
            : id >= 0 && id < size ? (int)id : throw metadata.Wrong(key, $"the id of one of {size} tokens");
        return new GgufSpecialTokens(Id(BeginKey), [.. EndKeys.Select(Id).OfType<int>().Distinct()], Id(PaddingKey), Id(UnknownKey));
    }

    public void Write(OrderedDictionary<string, object> pairs)
    {
        if (Begin is { } begin) pairs.Add(BeginKey, (uint)begin);
        foreach (var (key, id) in EndKeys.Zip(Ends)) pairs.Add(key, (uint)id);
        if (Padding is { } padding) pairs.Add(PaddingKey, (uint)padding);
        if (Unknown is { } unknown) pairs.Add(UnknownKey, (uint)unknown);
    }
}
