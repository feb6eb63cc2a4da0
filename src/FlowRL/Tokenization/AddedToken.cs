namespace FlowRL.Tokenization;

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
