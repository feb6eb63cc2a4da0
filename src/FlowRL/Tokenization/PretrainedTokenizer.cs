using System.Text;

namespace FlowRL.Tokenization;

/// <summary>
/// A byte-level BPE tokenizer read from Hugging Face files (GPT-2, Qwen2, Qwen2.5, Qwen3, Llama-3). Follows their semantics: added
/// tokens that are not special are always found in the text; special ones only on request. A lone surrogate becomes U+FFFD.
/// Loading throws <see cref="BadInputException"/> with file and place where something is missing, damaged or of another kind.
/// </summary>
internal sealed class PretrainedTokenizer : ITokenizer
{
    private readonly TokenizerFiles _files;
    private readonly bool _composes;
    private readonly PreTokenizer _preTokenizer;
    private readonly BpeModel _model;
    private readonly SpecialIds _specialIds;
    private readonly byte[]?[] _bytes;
    private readonly HashSet<int> _special;
    private readonly AddedTokenFinder _plain;
    private readonly AddedTokenFinder _withSpecial;

    /// <summary>All special tokens in the text as it came, where alone it is known which may stand where.</summary>
    private readonly AddedTokenFinder _withChosen;
    private readonly Dictionary<string, int> _addedIds;

    internal PretrainedTokenizer(TokenizerFiles files)
    {
        _files = files;
        var root = files.Json(TokenizerFiles.Tokenizer) ?? throw new BadInputException(
            $"{files.PathOf(TokenizerFiles.Tokenizer)} is missing; give the folder of a model in Hugging Face layout.");
        _composes = ReadNormalizer(root["normalizer"]);
        _preTokenizer = PreTokenizer.Read(root["pre_tokenizer"]);
        if (!_preTokenizer.IsByteLevel)
            throw root["pre_tokenizer"].Wrong("has no ByteLevel step, and only byte-level vocabularies can be read");
        _model = BpeModel.Read(root["model"]);
        var added = AddedTokenFinder.ReadTokens(root["added_tokens"], files.Json(TokenizerFiles.Config)?["added_tokens_decoder"]);
        _addedIds = added.ToDictionary(t => t.Content, t => t.Id);
        _special = added.Where(t => t.IsSpecial).Select(t => t.Id).ToHashSet();
        _plain = new AddedTokenFinder(added.Where(t => !t.IsSpecial), Normalize);
        _withSpecial = new AddedTokenFinder(added, Normalize);
        _withChosen = new AddedTokenFinder(added.Select(t => t.IsSpecial ? t with { Normalized = false } : t), Normalize);
        _bytes = BuildBytes(added);
        _specialIds = SpecialIds.Read(files, IdOf);
    }

    public int VocabularySize => _bytes.Length;

    public int? UnknownId => _model.UnknownId;

    public int? BeginOfSequenceId => _specialIds.Begin;

    public IReadOnlyList<int> EndOfSequenceIds => _specialIds.End;

    /// <summary>What fills short rows; null where the files name none.</summary>
    public int? PaddingId => _specialIds.Padding;

    internal TokenizerFiles Files => _files;

    /// <param name="path">A tokenizer.json, or the folder that holds it.</param>
    public static PretrainedTokenizer Load(string path) => new(TokenizerFiles.Read(path));

    public int[] Encode(string text, bool parseSpecial = false) => Encode((parseSpecial ? _withSpecial : _plain).Split(TokenText.WellFormed(text)));

    /// <summary>Encodes a text in which special tokens may stand in some places only.</summary>
    /// <param name="text">Without lone surrogates.</param>
    /// <param name="mayBeSpecial">Whether the characters from one place to another (UTF-16 units) may be a special token.</param>
    internal int[] Encode(string text, Func<int, int, bool> mayBeSpecial) => Encode(_withChosen.Split(text, mayBeSpecial));

    private int[] Encode(IEnumerable<Segment> segments)
    {
        var ids = new List<int>();
        foreach (var segment in segments)
        {
            if (segment.Token is { } token)
                ids.Add(token.Id);
            else
                _preTokenizer.Split(segment.Text, piece => _model.Encode(piece, ids));
        }
        return ids.ToArray();
    }

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true) => TokenText.Decode(this, ids, skipSpecial);

    /// <summary>Empty for an id below <see cref="VocabularySize"/> that the vocabulary skips.</summary>
    public ReadOnlySpan<byte> Bytes(int id) => id >= 0 && id < _bytes.Length ? _bytes[id] : throw new BadInputException(
        $"Token id {id} is outside the vocabulary of {_files.PathOf(TokenizerFiles.Tokenizer)} (0 to {_bytes.Length - 1}); " +
        "use the tokenizer that belongs to the model.");

    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>The id of a token by its text, as the files write it; null where there is none.</summary>
    public int? IdOf(string token) =>
        _addedIds.TryGetValue(token, out var id) || _model.Vocabulary.TryGetValue(token, out id) ? id : null;

    /// <summary>Writes the files as they were read, the model's config.json left out.</summary>
    public void Save(string folder) => _files.Save(folder);

    private byte[]?[] BuildBytes(IReadOnlyList<AddedToken> added)
    {
        var size = 1 + Math.Max(_model.Vocabulary.Values.Max(), added.Select(t => t.Id).DefaultIfEmpty(-1).Max());
        var bytes = new byte[]?[size];
        foreach (var (entry, id) in _model.Vocabulary)
            bytes[id] = ByteAlphabet.Read(entry);
        foreach (var token in added)
            bytes[token.Id] = Encoding.UTF8.GetBytes(token.Content);
        return bytes;
    }

    private string Normalize(string text) => _composes ? CanonicalComposition.Compose(text) : text;

    private static bool ReadNormalizer(JsonPlace place)
    {
        if (place.IsNull)
            return false;
        var type = place["type"].Text;
        return type switch
        {
            "NFC" => true,
            "Sequence" => place["normalizers"].Items().Select(ReadNormalizer).ToArray().Contains(true),
            _ => throw place["type"].Wrong($"is {type}, and only NFC or none can be read"),
        };
    }
}
