using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.Decoders;
using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization.Normalizers;
using FlowRL.Tokenization.PreTokenizers;

namespace FlowRL.Tokenization;

/// <summary>
/// The way of a text to ids and back, as tokenizer.json describes it: added tokens are found, the stretches between them normalised,
/// cut into pieces, and written in the vocabulary; tokens become text again by the decoder.
/// </summary>
internal sealed record TokenizerPipeline
{
    public required IReadOnlyList<AddedToken> Added { get; init; }

    public required Normalizer Normalizer { get; init; }

    public required PreTokenizer PreTokenizer { get; init; }

    public required ITokenModel Model { get; init; }

    public required TokenDecoder Decoder { get; init; }

    /// <summary>The token put before a text; null for none.</summary>
    public int? Begin { get; init; }

    /// <summary>The token that ends a text where no other file says; null where none is known.</summary>
    public int? End { get; init; }

    /// <summary>What a token of the vocabulary shows as where its file writes something else.</summary>
    public IReadOnlyDictionary<int, string> Shown { get; init; } = new Dictionary<int, string>();

    /// <param name="root">The whole of a tokenizer.json.</param>
    /// <param name="moreAdded"><c>added_tokens_decoder</c> of tokenizer_config.json.</param>
    public static TokenizerPipeline Read(JsonPlace root, JsonPlace? moreAdded)
    {
        var preTokenizer = PreTokenizer.Read(root["pre_tokenizer"]);
        var model = BpeModelReader.Read(root["model"], preTokenizer.IsByteLevel);
        return new TokenizerPipeline
        {
            Added = AddedToken.ReadAll(root["added_tokens"], moreAdded, model.Vocabulary),
            Normalizer = Normalizer.Read(root["normalizer"]),
            PreTokenizer = preTokenizer,
            Model = model,
            Decoder = TokenDecoder.Read(root["decoder"], preTokenizer.IsByteLevel),
            Begin = PostProcessor.ReadBegin(root["post_processor"]),
        };
    }
}
