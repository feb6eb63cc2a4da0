namespace FlowRL.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before any splitting or merging, as <c>added_tokens</c> of tokenizer.json lists it.</summary>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial)
{
    /// <summary>Found in the normalised text, not in the text as it came.</summary>
    public bool Normalized { get; init; }

    /// <summary>Found only where no letter, digit or underscore touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the white space after it.</summary>
    public bool StripsRight { get; init; }

    public static AddedToken Read(JsonPlace place, int id) => new(id, place["content"].Text, place["special"].Flag())
    {
        Normalized = place["normalized"].Flag(),
        SingleWord = place["single_word"].Flag(),
        StripsLeft = place["lstrip"].Flag(),
        StripsRight = place["rstrip"].Flag(),
    };

    /// <summary>The added tokens of tokenizer.json, and those that only tokenizer_config.json knows.</summary>
    /// <param name="list"><c>added_tokens</c> of tokenizer.json.</param>
    /// <param name="decoder"><c>added_tokens_decoder</c> of tokenizer_config.json.</param>
    /// <param name="vocabulary">The model's.</param>
    public static IReadOnlyList<AddedToken> ReadAll(JsonPlace list, JsonPlace? decoder, IReadOnlyDictionary<string, int> vocabulary)
    {
        var tokens = list.IsNull ? [] : list.Items().Select(p => Read(p, p["id"].TokenId)).ToList();
        tokens.AddRange(ReadMore(decoder, tokens));
        return tokens.GroupBy(t => t.Content).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw list.Wrong($"holds \"{twice.Key}\" twice")
            : WithTheirIds(tokens, vocabulary);
    }

    /// <summary>Those of <c>added_tokens_decoder</c> whose ids are not known yet.</summary>
    public static IReadOnlyList<AddedToken> ReadMore(JsonPlace? decoder, IEnumerable<AddedToken> known)
    {
        if (decoder is not { IsNull: false } more) return [];
        var ids = known.Select(t => t.Id).ToHashSet();
        return [.. more.Properties().Select(p => Read(more[p.Name], more.KeyTokenId(p.Name))).Where(t => !ids.Contains(t.Id))];
    }

    /// <summary>
    /// A file's ids are what its writer gave. The reference does not look at them: a token that the vocabulary has keeps the id it has
    /// there, and the others follow behind, which is where the model was trained to have them.
    /// </summary>
    private static List<AddedToken> WithTheirIds(List<AddedToken> tokens, IReadOnlyDictionary<string, int> vocabulary)
    {
        var next = vocabulary.Count;
        return [.. tokens.Select(token =>
        {
            var id = vocabulary.TryGetValue(token.Content, out var known) ? known : next;
            next = Math.Max(next, id + 1);
            return token with { Id = id };
        })];
    }
}
