using System.Globalization;

namespace FlowRL.Tokenization;

/// <summary>
/// Both passes over a text, as Hugging Face makes them: tokens that are not normalised are found in the text as it came, the rest of
/// the text is normalised, and normalised tokens are found in that.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly AddedTokenSplitter _raw;
    private readonly AddedTokenSplitter _normalized;
    private readonly Func<string, string> _normalize;

    public AddedTokenFinder(IEnumerable<AddedToken> tokens, Func<string, string> normalize)
    {
        var all = tokens.ToList();
        _normalize = normalize;
        _raw = new AddedTokenSplitter(all.Where(t => !t.Normalized));
        _normalized = new AddedTokenSplitter(all.Where(t => t.Normalized).Select(t => t with { Content = normalize(t.Content) }));
    }

    /// <summary>Added tokens and the normalised text between them, in order.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="mayBeSpecial">Whether a special token that is not normalised may stand between two places; anywhere where null.</param>
    public IEnumerable<Segment> Split(string text, Func<int, int, bool>? mayBeSpecial = null) =>
        _raw.Split(text, mayBeSpecial).SelectMany(s => s.Token is null ? _normalized.Split(_normalize(s.Text)) : [s]);

    /// <summary>The added tokens of tokenizer.json, and those that only tokenizer_config.json knows.</summary>
    public static IReadOnlyList<AddedToken> ReadTokens(JsonPlace list, JsonPlace? decoder)
    {
        var tokens = list.IsNull ? [] : list.Items().Select(p => AddedToken.Read(p, p["id"].TokenId)).ToList();
        if (decoder is { IsNull: false } more)
        {
            var known = tokens.Select(t => t.Id).ToHashSet();
            tokens.AddRange(more.Properties().Select(p => AddedToken.Read(more[p.Name], IdOf(p.Name, more)))
                .Where(t => !known.Contains(t.Id)));
        }
        return tokens.GroupBy(t => t.Content).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw list.Wrong($"holds \"{twice.Key}\" twice")
            : tokens;
    }

    private static int IdOf(string name, JsonPlace place) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < JsonPlace.MostTokens
            ? id
            : throw place.Wrong($"has the key \"{name}\", an id below {JsonPlace.MostTokens} is needed");
}

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
}
