using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace FlowRL.Tokenization;

/// <summary>
/// The byte-level BPE model of a tokenizer.json: pieces of text to ids and ids to bytes. Ordinary pieces are merged by
/// Microsoft.ML.Tokenizers; it is quadratic in a piece's length and leaves out bytes that the vocabulary lacks, so long pieces and
/// those with such bytes go to <see cref="PairMerger"/>. Both give the same ids.
/// </summary>
internal sealed class BpeModel
{
    private const int LongestCached = 64;
    private const int CacheCapacity = 1 << 16;

    private readonly string _file;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly int[] _byteIds = new int[256];
    private readonly bool _isComplete;
    private readonly bool _ignoreMerges;
    private readonly bool _fusesUnknown;
    private readonly int? _unknownId;

    /// <summary>What stands for bytes without a token; null where each has one, or a text with others is refused.</summary>
    public int? UnknownId => _isComplete ? null : _unknownId;
    private readonly BpeTokenizer _shortPieces;
    private readonly IReadOnlyList<(string Left, string Right)> _mergeList;
    private readonly Lazy<Dictionary<(int, int), Merge>> _merges;
    private readonly ConcurrentDictionary<string, int[]> _cache = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private readonly int _longestShortPiece;
    private int _cacheSize;

    private BpeModel(JsonPlace model, Dictionary<string, int> ids, IReadOnlyList<(string, string)> merges, int longestShortPiece)
    {
        _file = model.File;
        _ids = ids;
        _idsBySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _mergeList = merges;
        _longestShortPiece = longestShortPiece;
        _ignoreMerges = model["ignore_merges"].Flag();
        _fusesUnknown = model["fuse_unk"].Flag();
        if (!model["unk_token"].IsNull)
            _unknownId = ids.TryGetValue(model["unk_token"].Text, out var id)
                ? id
                : throw model["unk_token"].Wrong("is not in the vocabulary");
        for (var value = 0; value < 256; value++)
            _byteIds[value] = ids.GetValueOrDefault(ByteAlphabet.Character((byte)value).ToString(), -1);
        _isComplete = !_byteIds.Contains(-1);
        _merges = new(BuildMerges);
        _shortPieces = BpeTokenizer.Create(new BpeOptions(ids) { Merges = merges.Select(m => $"{m.Item1} {m.Item2}"), ByteLevel = true });
    }

    /// <summary>Vocabulary entries as they are written in the file.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary => _ids;

    /// <param name="model">The <c>model</c> of a tokenizer.json.</param>
    /// <param name="longestShortPiece">Pieces with more characters are merged by <see cref="PairMerger"/>.</param>
    public static BpeModel Read(JsonPlace model, int longestShortPiece = 256)
    {
        if (model["type"] is { IsNull: false, Text: not "BPE" } type)
            throw type.Wrong($"is {type.Text}, and only BPE can be read");
        if (model["dropout"] is { IsNull: false } dropout && dropout.Value.GetRawText() is not ("0" or "0.0"))
            throw dropout.Wrong("is set, which would make encoding random");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model[name] is { IsNull: false, Text: not "" } affix)
                throw affix.Wrong("is set, and only byte-level vocabularies can be read");
        }
        var ids = ReadVocabulary(model["vocab"]);
        return new BpeModel(model, ids, ReadMerges(model["merges"], ids), longestShortPiece);
    }

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (_cached.TryGetValue(piece, out var known))
        {
            ids.AddRange(known);
            return;
        }
        var encoded = Encode(piece);
        if (piece.Length <= LongestCached)
            Remember(piece, encoded);
        ids.AddRange(encoded);
    }

    private int[] Encode(ReadOnlySpan<char> piece)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(piece)];
        Encoding.UTF8.GetBytes(piece, bytes);
        if (_ignoreMerges && _idsBySpan.TryGetValue(ByteAlphabet.Write(bytes), out var whole))
            return [whole];
        var isKnown = _isComplete || Array.TrueForAll(bytes, b => _byteIds[b] >= 0);
        if (!isKnown && _unknownId is null)
            throw Unrepresentable(piece);
        return isKnown && piece.Length <= _longestShortPiece
            ? [.. _shortPieces.EncodeToIds(piece, considerPreTokenization: false, considerNormalization: false)]
            : PairMerger.Run(Symbols(bytes), (l, r) => _merges.Value.TryGetValue((l, r), out var merge) ? merge : null);
    }

    private List<int> Symbols(byte[] bytes)
    {
        var symbols = new List<int>(bytes.Length);
        foreach (var value in bytes)
        {
            var id = _byteIds[value] >= 0 ? _byteIds[value] : _unknownId!.Value;
            if (!(_fusesUnknown && id == _unknownId && symbols.Count > 0 && symbols[^1] == id))
                symbols.Add(id);
        }
        return symbols;
    }

    private void Remember(ReadOnlySpan<char> piece, int[] ids)
    {
        if (!_cached.TryAdd(piece, ids) || Interlocked.Increment(ref _cacheSize) < CacheCapacity)
            return;
        _cache.Clear();
        Interlocked.Exchange(ref _cacheSize, 0);
    }

    private BadInputException Unrepresentable(ReadOnlySpan<char> piece)
    {
        foreach (var rune in piece.EnumerateRunes())
        {
            if (!Array.TrueForAll(Encoding.UTF8.GetBytes(rune.ToString()), b => _byteIds[b] >= 0))
                return UnrepresentableCharacter.In(_file, rune);
        }
        throw new InvalidOperationException("Every character of the piece has tokens.");
    }

    private static Dictionary<string, int> ReadVocabulary(JsonPlace place)
    {
        var ids = new Dictionary<string, int>();
        var names = new Dictionary<int, string>();
        foreach (var entry in place.Properties())
        {
            var id = new JsonPlace(place.File, $"{place.Path}[\"{entry.Name}\"]", entry.Value).TokenId;
            if (!names.TryAdd(id, entry.Name))
                throw place.Wrong($"gives id {id} to both \"{names[id]}\" and \"{entry.Name}\"");
            if (!ids.TryAdd(entry.Name, id))
                throw place.Wrong($"holds \"{entry.Name}\" twice");
        }
        return ids.Count > 0 ? ids : throw place.Wrong("is empty");
    }

    /// <summary>Merges are written "a b" or ["a", "b"].</summary>
    private static List<(string, string)> ReadMerges(JsonPlace place, Dictionary<string, int> ids)
    {
        var merges = new List<(string, string)>();
        foreach (var entry in place.Items())
        {
            var parts = entry.Kind == JsonValueKind.Array
                ? entry.Items().Select(p => p.Text).ToArray()
                : entry.Text.Split(' ');
            if (parts.Length != 2)
                throw entry.Wrong($"has {parts.Length} parts, a merge has two");
            foreach (var token in new[] { parts[0], parts[1], parts[0] + parts[1] })
            {
                if (!ids.ContainsKey(token))
                    throw entry.Wrong($"names \"{token}\", which is not in the vocabulary");
            }
            merges.Add((parts[0], parts[1]));
        }
        return merges;
    }

    private Dictionary<(int, int), Merge> BuildMerges()
    {
        var merges = new Dictionary<(int, int), Merge>(_mergeList.Count);
        for (var rank = 0; rank < _mergeList.Count; rank++)
        {
            var (left, right) = _mergeList[rank];
            merges[(_ids[left], _ids[right])] = new Merge(rank, _ids[left + right]);
        }
        return merges;
    }
}
