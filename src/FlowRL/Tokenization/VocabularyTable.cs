using System.Text;
using System.Text.Json.Nodes;
using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.PreTokenizers;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Tokenization;

/// <summary>
/// A vocabulary as formats without a tokenizer.json keep it, GGUF above all: a list of tokens with kinds, and merges or scores. The
/// tokenizer that it becomes has the files it would have been read from, so that it is saved, and loads again, like any other.
/// </summary>
internal sealed record VocabularyTable
{
    /// <summary>The file it comes from, for messages.</summary>
    public required string Source { get; init; }

    /// <summary>The position is the id. Byte-level vocabularies are written in the byte alphabet, as in tokenizer.json.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>One a token: control tokens are special, those that users defined are found in any text. Empty: all are normal.</summary>
    public IReadOnlyList<PieceKind> Kinds { get; init; } = [];

    public int? Begin { get; init; }

    /// <summary>Whether <see cref="Begin"/> is put before a text.</summary>
    public bool PutsBegin { get; init; }

    /// <summary>Ids that end a response, the one that is taught first.</summary>
    public IReadOnlyList<int> Ends { get; init; } = [];

    public int? Padding { get; init; }

    /// <summary>The chat template; null without one.</summary>
    public string? Template { get; init; }

    /// <summary>A byte-level BPE tokenizer (GGUF's kind <c>gpt2</c>).</summary>
    /// <param name="merges">Each "a b", the first comes first.</param>
    /// <param name="preTokenizer">One of <see cref="NamedPreTokenizer.Names"/>.</param>
    /// <exception cref="BadInputException">The name is not known, or something does not fit together.</exception>
    public PretrainedTokenizer CreateByteLevel(IReadOnlyList<string> merges, string preTokenizer)
    {
        var named = NamedPreTokenizer.Find(preTokenizer) ?? throw Wrong(
            $"names the pre-tokenizer \"{preTokenizer}\", and only {string.Join(", ", NamedPreTokenizer.Names)} are known");
        Check();
        var padding = Tokens.Count;
        while (padding > 0 && KindOf(padding - 1) == PieceKind.Unused && Tokens[padding - 1] == $"[PAD{padding - 1}]") padding--;
        return Create(TokenizerFiles.Tokenizer, new TokenizerJson
        {
            // Rows at the end that only fill up the model's embedding are no tokens.
            Vocabulary = Tokens.Take(padding).Select((token, id) => KeyValuePair.Create(token, id)),
            Merges = merges,
            Added = Tokens.Select((token, id) => new AddedToken(id, token, KindOf(id) == PieceKind.Control))
                .Where(token => KindOf(token.Id) is PieceKind.Control or PieceKind.UserDefined),
            Steps = named.Steps,
            UsesGpt2Expression = named.UsesGpt2Expression,
            Composes = named.Composes,
            IgnoresMerges = named.IgnoresMerges,
            Begin = PutsBegin && Begin is { } begin ? (Tokens[begin], begin) : null,
        }.ToBytes());
    }

    /// <summary>A SentencePiece BPE tokenizer (GGUF's kind <c>llama</c>).</summary>
    /// <param name="scores">One a token; of two merges the one that makes the token of higher score comes first.</param>
    /// <param name="addsSpacePrefix">Whether a space is put before a text.</param>
    /// <exception cref="BadInputException">Something does not fit together.</exception>
    public PretrainedTokenizer CreateSentencePiece(IReadOnlyList<float> scores, bool addsSpacePrefix)
    {
        Check();
        if (scores.Count != Tokens.Count) throw Wrong($"has {Tokens.Count} tokens and {scores.Count} scores");
        return Create(TokenizerFiles.SentencePiece, new SentencePieceFile
        {
            Path = Source,
            Pieces = [.. Tokens.Select((token, id) => new Piece(token, scores[id], KindOf(id)))],
            Model = PieceModel.Bpe,
            FallsBackOnBytes = Kinds.Contains(PieceKind.Byte),
            BeginId = Begin,
            EndId = Ends.Count > 0 ? Ends[0] : null,
            AddsSpacePrefix = addsSpacePrefix,
            RemovesExtraSpaces = false,
        }.ToBytes());
    }

    private PretrainedTokenizer Create(string name, byte[] content)
    {
        string? TextOf(int? id) => id is { } at ? Tokens[at] : null;
        int? end = Ends.Count > 0 ? Ends[0] : null;
        var contents = new Dictionary<string, byte[]>
        {
            [name] = content,
            [TokenizerFiles.Config] = TokenizerJson.Config(TextOf(Begin), PutsBegin && Begin is not null, TextOf(end), TextOf(Padding)),
        };
        if (Ends.Count > 1)
            contents[TokenizerFiles.Generation] = TokenizerJson.Utf8(new JsonObject { ["eos_token_id"] = new JsonArray([.. Ends.Select(id => (JsonNode)id)]) });
        if (Template is not null) contents[TokenizerFiles.Template] = Encoding.UTF8.GetBytes(Template);
        return new PretrainedTokenizer(new TokenizerFiles(file => $"{Source} ({file})", contents));
    }

    private PieceKind KindOf(int id) => Kinds.Count == 0 ? PieceKind.Normal : Kinds[id];

    private void Check()
    {
        if (Kinds.Count > 0 && Kinds.Count != Tokens.Count) throw Wrong($"has {Tokens.Count} tokens and {Kinds.Count} kinds");
        var ids = new Dictionary<string, int>();
        for (var id = 0; id < Tokens.Count; id++)
        {
            if (!ids.TryAdd(Tokens[id], id)) throw Wrong($"gives \"{Tokens[id]}\" to both token {ids[Tokens[id]]} and token {id}");
            if (!Enum.IsDefined(KindOf(id))) throw Wrong($"has token {id} of kind {(int)KindOf(id)}, which is not known");
        }
        foreach (var id in Ends.Concat(new[] { Begin, Padding }.OfType<int>()))
        {
            if (id < 0 || id >= Tokens.Count) throw Wrong($"gives a role to token {id}, and there are {Tokens.Count}");
        }
    }

    private BadInputException Wrong(string what) => new($"{Source}: its vocabulary {what}; fetch the file again, or give another tokenizer.");
}
