using System.Text.Json;
using FlowRL.Tokenization.Decoders;
using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization;
using FlowRL.Tokenization.PreTokenizers;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>The GGUF vocabulary of a Hugging Face tokenizer.</summary>
internal static class HuggingFaceVocabulary
{
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="size">The model's vocabulary, which may be larger.</param>
    /// <param name="warn">Takes a sentence where other programs will cut texts otherwise.</param>
    public static GgufVocabulary Of(PretrainedTokenizer tokenizer, int size, Action<string> warn)
    {
        if (tokenizer.Files.Json(TokenizerFiles.Tokenizer) is not { } root) return OfPieces(tokenizer, size);
        var model = root["model"];
        var (tokens, types) = Tokens(tokenizer, root, size);
        var kind = model["byte_fallback"].Flag() ? GgufVocabulary.SentencePiece : GgufVocabulary.ByteLevel;
        var vocabulary = new GgufVocabulary(kind, tokens, types, Special(tokenizer, model["unk_token"]))
        {
            AddsBegin = tokenizer.BeginOfSequenceId is not null,
            ChatTemplate = Template(tokenizer.Files),
        };
        var merges = model["merges"].Items().Select(MergeTable.Parts).Select(parts => (Left: parts[0], Right: parts[1])).ToList();
        return vocabulary.Kind == GgufVocabulary.SentencePiece
            ? vocabulary with { Scores = PieceScores.Of(tokens, types, merges), AddsSpace = AddsSpace(root) }
            : vocabulary with { Merges = [.. merges.Select(merge => $"{merge.Left} {merge.Right}")], Splitting = SplittingOf(root, warn) };
    }

    /// <summary>A tokenizer.model says all of it in GGUF's own words.</summary>
    private static GgufVocabulary OfPieces(PretrainedTokenizer tokenizer, int size)
    {
        var path = tokenizer.Files.PathOf(TokenizerFiles.SentencePiece);
        var file = SentencePieceFile.Read(path, tokenizer.Files.Bytes(TokenizerFiles.SentencePiece)!);
        if (file.Model != PieceModel.Bpe) throw new BadInputException($"{path} has pieces of another kind than BPE, which cannot be written as GGUF here.");
        var pieces = Enumerable.Range(0, size).Select(id => id < file.Pieces.Count ? file.Pieces[id] : new Piece($"[PAD{id}]", 0, PieceKind.Unused)).ToList();
        return new GgufVocabulary(GgufVocabulary.SentencePiece, [.. pieces.Select(piece => piece.Text)], [.. pieces.Select(piece => piece.Kind)],
            Special(tokenizer, null) with { Unknown = pieces.FindIndex(piece => piece.Kind == PieceKind.Unknown) is >= 0 and var unknown ? unknown : null })
        {
            Scores = [.. pieces.Select(piece => piece.Score)],
            AddsBegin = tokenizer.BeginOfSequenceId is not null,
            AddsSpace = file.AddsSpacePrefix,
            ChatTemplate = Template(tokenizer.Files),
        };
    }

    private static (string[] Tokens, PieceKind[] Types) Tokens(PretrainedTokenizer tokenizer, JsonPlace root, int size)
    {
        var tokens = Enumerable.Range(0, size).Select(id => $"[PAD{id}]").ToArray();
        var types = Enumerable.Repeat(PieceKind.Unused, size).ToArray();
        var hasBytes = root["model"]["byte_fallback"].Flag();
        foreach (var entry in root["model"]["vocab"].Properties())
        {
            var id = entry.Value.GetInt32();
            (tokens[id], types[id]) = (entry.Name, hasBytes && ByteFallbackDecoder.Byte(entry.Name) is not null ? PieceKind.Byte : PieceKind.Normal);
        }
        foreach (var added in root["added_tokens"].IsNull ? [] : root["added_tokens"].Items())
        {
            var id = added["id"].TokenId;
            (tokens[id], types[id]) = (added["content"].Text, added["special"].Flag() ? PieceKind.Control : PieceKind.UserDefined);
        }
        for (var id = 0; id < tokenizer.VocabularySize; id++)
            if (types[id] == PieceKind.Normal && tokenizer.IsSpecial(id)) types[id] = PieceKind.Control;
        if (hasBytes && root["model"]["unk_token"] is { IsNull: false } name && tokenizer.IdOf(name.Text) is { } unknown)
            types[unknown] = PieceKind.Unknown;
        return (tokens, types);
    }

    private static GgufSpecialTokens Special(PretrainedTokenizer tokenizer, JsonPlace? modelsUnknown)
    {
        var config = tokenizer.Files.Json(TokenizerFiles.Config);
        int? Named(JsonPlace? place) => place is { IsNull: false } named ? tokenizer.IdOf(named.TokenText) : null;
        return new GgufSpecialTokens(tokenizer.BeginOfSequenceId ?? Named(config?["bos_token"]), tokenizer.EndOfSequenceIds, tokenizer.PaddingId,
            Named(config?["unk_token"]) ?? Named(modelsUnknown));
    }

    private static string SplittingOf(JsonPlace root, Action<string> warn)
    {
        if (PreTokenizerNames.Of(root) is { } name) return name;
        warn("llama.cpp has no name for the way in which this tokenizer cuts texts, so the file says 'default': programs that read it may give text prompts " +
            "other ids than FlowRL does. Prompts of ids are exact.");
        return GgufVocabulary.UnknownSplitting;
    }

    /// <summary>Whether the pipeline puts a space before a text, in the older way or the newer.</summary>
    private static bool AddsSpace(JsonPlace root)
    {
        var text = string.Concat(new[] { root["normalizer"], root["pre_tokenizer"] }.Where(place => !place.IsNull).Select(place => place.Value.GetRawText()));
        return text.Contains("\"Prepend\"", StringComparison.Ordinal)
            || (text.Contains("\"Metaspace\"", StringComparison.Ordinal) && !text.Contains("\"never\"", StringComparison.Ordinal));
    }

    private static string? Template(TokenizerFiles files)
    {
        if (files.Text(TokenizerFiles.Template) is { } jinja) return jinja;
        if (files.Json(TokenizerFiles.Config)?["chat_template"] is not { IsNull: false } place) return null;
        if (place.Kind != JsonValueKind.Array) return place.Text;
        foreach (var named in place.Items())
            if (named["name"].Text == "default") return named["template"].Text;
        return null;
    }
}
