using System.Text.RegularExpressions;
using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.Patterns;
using FlowRL.Tokenization.PreTokenizers;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Tokenization;

/// <summary>
/// A tokenizer read from the files of a model's folder: tokenizer.json, or SentencePiece's tokenizer.model where there is none. Added
/// tokens that are not special are always found in the text; special ones only on request. A lone surrogate becomes U+FFFD.
/// Loading throws <see cref="BadInputException"/> with file and place where something is missing, damaged or of another kind.
/// </summary>
internal sealed class PretrainedTokenizer : ITokenizer
{
    private readonly TokenizerFiles _files;
    private readonly TokenizerPipeline _pipeline;
    private readonly AddedTokenFinder _added;

    /// <summary>Finds all special tokens in the text as it came, where alone it is known which may stand where.</summary>
    private readonly AddedTokenFinder _chosen;
    private readonly SpecialIds _specialIds;
    private readonly string?[] _tokens;
    private readonly byte[]?[] _bytes;
    private readonly HashSet<int> _special;
    private readonly Dictionary<string, int> _addedIds;

    internal PretrainedTokenizer(TokenizerFiles files)
    {
        _files = files;
        var config = files.Json(TokenizerFiles.Config);
        _pipeline = files.Json(TokenizerFiles.Tokenizer) is { } root ? TokenizerPipeline.Read(root, config?["added_tokens_decoder"])
            : files.Bytes(TokenizerFiles.SentencePiece) is { } model
            ? SentencePiecePipeline.Of(SentencePieceFile.Read(files.PathOf(TokenizerFiles.SentencePiece), model), config)
            : throw new BadInputException(
                $"{files.PathOf(TokenizerFiles.Tokenizer)} is missing; give the folder of a model in Hugging Face layout.");
        _added = new AddedTokenFinder(_pipeline.Added, _pipeline.Normalizer);
        _chosen = _pipeline.Added.Any(t => t is { IsSpecial: true, Normalized: true })
            ? new AddedTokenFinder([.. _pipeline.Added.Select(t => t.IsSpecial ? t with { Normalized = false } : t)], _pipeline.Normalizer) : _added;
        _addedIds = _pipeline.Added.ToDictionary(t => t.Content, t => t.Id);
        _special = _pipeline.Added.Where(t => t.IsSpecial).Select(t => t.Id).ToHashSet();
        _tokens = Texts(_pipeline);
        _bytes = new byte[_tokens.Length][];
        _specialIds = SpecialIds.Read(files, IdOf, _pipeline.Begin, _pipeline.End);
    }

    public int VocabularySize => _tokens.Length;

    public int? UnknownId => _pipeline.Model.UnknownId;

    public int? BeginOfSequenceId => _specialIds.Begin;

    public IReadOnlyList<int> EndOfSequenceIds => _specialIds.End;

    /// <summary>What fills short rows; null where the files name none.</summary>
    public int? PaddingId => _specialIds.Padding;

    internal TokenizerFiles Files => _files;

    /// <param name="path">A tokenizer.json or tokenizer.model, or the folder that holds one.</param>
    public static PretrainedTokenizer Load(string path) => new(TokenizerFiles.Read(path));

    /// <exception cref="BadInputException">A character has no token, or the text takes the model's expression too long.</exception>
    public int[] Encode(string text, bool parseSpecial = false) => Encode(_added, TokenText.WellFormed(text), (_, _) => parseSpecial);

    /// <summary>Encodes a text in which special tokens may stand in some places only.</summary>
    /// <param name="text">Without lone surrogates.</param>
    /// <param name="mayBeSpecial">Whether the characters from one place to another (UTF-16 units) may be a special token.</param>
    /// <exception cref="BadInputException">A character has no token, or the text takes the model's expression too long.</exception>
    internal int[] Encode(string text, Func<int, int, bool> mayBeSpecial) => Encode(_chosen, text, mayBeSpecial);

    private int[] Encode(AddedTokenFinder added, string text, Func<int, int, bool> mayBeSpecial)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        var sink = new ModelSink(_pipeline.Model, ids);
        try
        {
            foreach (var segment in added.Split(text, mayBeSpecial))
            {
                if (segment.Token is { } token)
                    ids.Add(token.Id);
                else
                    _pipeline.PreTokenizer.Split(segment.Text, segment.IsFirst, sink);
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new BadInputException($"{_files.PathOf(TokenizerFiles.Tokenizer)} cuts texts by an expression that took longer than " +
                $"{TextPattern.Patience.TotalSeconds:0} s on a text of {text.Length} characters; give shorter texts, or another tokenizer.", e);
        }
        return ids.ToArray();
    }

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true)
    {
        var texts = new List<string>(ids.Count);
        foreach (var id in ids)
        {
            if (Text(id) is { } text && !(skipSpecial && _special.Contains(id))) texts.Add(text);
        }
        _pipeline.Decoder.Apply(texts);
        return string.Concat(texts);
    }

    /// <summary>Amid a text: vocabularies that put a space before a text decode its first token without. Empty for an id that has no token.</summary>
    public ReadOnlySpan<byte> Bytes(int id) =>
        Text(id) is not { } text ? [] : _bytes[id] ??= _pipeline.Decoder.Inside(text).ToBytes();

    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The id of a token by its text, as the files write it; null where there is none.</summary>
    public int? IdOf(string token) =>
        _addedIds.TryGetValue(token, out var id) || _pipeline.Model.Vocabulary.TryGetValue(token, out id) ? id : null;

    /// <summary>A token as the files write it; null for an id that has none.</summary>
    public string? Text(int id) => id >= 0 && id < _tokens.Length ? _tokens[id] : throw new BadInputException(
        $"Token id {id} is outside the vocabulary of {_files.PathOf(TokenizerFiles.Tokenizer)} (0 to {_tokens.Length - 1}); " +
        "use the tokenizer that belongs to the model.");

    /// <summary>Writes the files as they were read, the model's config.json left out.</summary>
    public void Save(string folder) => _files.Save(folder);

    private static string?[] Texts(TokenizerPipeline pipeline)
    {
        var size = 1 + Math.Max(pipeline.Model.Vocabulary.Values.Max(), pipeline.Added.Select(t => t.Id).DefaultIfEmpty(-1).Max());
        var texts = new string?[size];
        foreach (var (entry, id) in pipeline.Model.Vocabulary) texts[id] = entry;
        foreach (var (id, shown) in pipeline.Shown) texts[id] = shown;
        foreach (var token in pipeline.Added) texts[token.Id] = token.Content;
        return texts;
    }

    private sealed class ModelSink(ITokenModel model, List<int> ids) : IPieceSink
    {
        public void Take(ReadOnlySpan<char> piece, bool isFirst) => model.Encode(piece, ids);
    }
}
