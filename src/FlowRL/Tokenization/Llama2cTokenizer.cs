using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using FlowRL.Files;
using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tokenization;

/// <summary>
/// A vocabulary file of llama2.c (tokenizer.bin, tok512.bin): SentencePiece BPE by scores. As there, a text gets a space put before it
/// and the space is left out again after the begin of sequence; characters without a token become bytes where the vocabulary has them
/// (<c>&lt;0x0A&gt;</c>) and are refused with <see cref="BadInputException"/> where not. Ids: 0 unknown, 1 begin, 2 end of sequence.
/// </summary>
/// <remarks>
/// File: int32 length of the longest token, then for each token float32 score, int32 length, the bytes; little-endian.
/// llama2.c's models end a text with the begin of the next, so id 1 ends a response as well.
/// </remarks>
internal sealed class Llama2cTokenizer : ITokenizer
{
    private const int Begin = 1;
    private const int FirstByte = 3;

    private static readonly AddedTokenFinder Special = new([new(Begin, "<s>", true), new(2, "</s>", true)], new SequenceNormalizer([]));

    private readonly string _file;
    private readonly byte[] _content;
    private readonly List<byte[]> _tokens = [];
    private readonly List<float> _scores = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly int _longest;
    private readonly bool _hasBytes;

    private Llama2cTokenizer(string file, byte[] content)
    {
        (_file, _content) = (file, content);
        _longest = ReadVocabulary();
        _hasBytes = Enumerable.Range(0, 256).All(b => FirstByte + b < _tokens.Count && IsByteToken(_tokens[FirstByte + b], b));
        for (var id = 0; id < FirstByte; id++)
            _tokens[id] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(_tokens[id]).Trim());
        for (var value = 0; _hasBytes && value < 256; value++)
            _tokens[FirstByte + value] = [(byte)value];
        // Control and byte tokens are never found by their spelling: text cannot spell them.
        for (var id = _hasBytes ? FirstByte + 256 : FirstByte; id < _tokens.Count; id++)
            _ids.TryAdd(Encoding.Latin1.GetString(_tokens[id]), id);
    }

    public int VocabularySize => _tokens.Count;

    public int? BeginOfSequenceId => Begin;

    public IReadOnlyList<int> EndOfSequenceIds { get; } = [2, Begin];

    public static Llama2cTokenizer Load(string file) => new(file, InputFile.ReadBytes(file, "a vocabulary").ToArray());

    /// <summary>Finds &lt;s&gt; and &lt;/s&gt; where <paramref name="parseSpecial"/> is set. Puts no begin of sequence.</summary>
    public int[] Encode(string text, bool parseSpecial = false)
    {
        var ids = new List<int>();
        var merges = new Scores(this);
        foreach (var segment in Special.Split(TokenText.WellFormed(text), (_, _) => parseSpecial))
        {
            if (segment.Token is { } token)
            {
                ids.Add(token.Id);
                continue;
            }
            var symbols = Symbols(segment.Text, isStart: ids.Count == 0 || ids[^1] == Begin).ToArray();
            ids.AddRange(symbols.AsSpan(0, PairMerger.Run(symbols, merges)));
        }
        return ids.ToArray();
    }

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true)
    {
        using var bytes = new MemoryStream(ids.Count * 4);
        int? previous = null;
        foreach (var id in ids)
        {
            if (!(skipSpecial && IsSpecial(id))) bytes.Write(Bytes(id, previous));
            previous = id;
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    public ReadOnlySpan<byte> Bytes(int id) => id >= 0 && id < _tokens.Count ? _tokens[id] : throw new BadInputException(
        $"Token id {id} is outside the vocabulary of {_file} (0 to {_tokens.Count - 1}); use the tokenizer that belongs to the model.");

    public bool IsSpecial(int id) => id is >= 0 and < FirstByte;

    /// <summary>The higher, the earlier a token is made of two others.</summary>
    internal float Score(int id) => _scores[id];

    /// <summary>The byte that a token stands for where it stands for one that no other token has; null for other tokens.</summary>
    internal byte? ByteOf(int id) => _hasBytes && id is >= FirstByte and < FirstByte + 256 ? (byte)(id - FirstByte) : null;

    /// <summary>Writes tokenizer.bin, the name under which llama2.c looks for it.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.bin"), _content);
    }

    /// <summary>Without its leading space directly after the begin of sequence.</summary>
    private ReadOnlySpan<byte> Bytes(int id, int? previous)
    {
        var bytes = Bytes(id);
        return previous == Begin && !bytes.IsEmpty && bytes[0] == ' ' ? bytes[1..] : bytes;
    }

    private List<int> Symbols(string text, bool isStart)
    {
        var symbols = new List<int>(text.Length + 1);
        if (isStart && _ids.TryGetValue(" ", out var space))
            symbols.Add(space);
        Span<byte> buffer = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = buffer[..rune.EncodeToUtf8(buffer)];
            if (_ids.TryGetValue(Encoding.Latin1.GetString(bytes), out var id))
                symbols.Add(id);
            else if (!_hasBytes)
                throw UnrepresentableCharacter.In(_file, rune);
            else
                foreach (var value in bytes)
                    symbols.Add(FirstByte + value);
        }
        return symbols;
    }

    private static bool IsByteToken(byte[] token, int value) =>
        Encoding.Latin1.GetString(token) == string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private int ReadVocabulary()
    {
        if (_content.Length == 0) throw new BadInputException($"{_file} is empty; fetch the file again, or give another tokenizer.");
        var longest = _content.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(_content) : 0;
        if (longest is < 1 or > 4096)
            throw Damaged(0, $"the longest token would have {longest} bytes");
        for (var at = 4; at < _content.Length;)
        {
            var rest = _content.AsSpan(at);
            var length = rest.Length >= 8 ? BinaryPrimitives.ReadInt32LittleEndian(rest[4..]) : -1;
            if (length < 0 || length > longest || rest.Length < 8 + length)
                throw Damaged(at, rest.Length < 8 + Math.Clamp(length, 0, longest)
                    ? $"it ends within token {_tokens.Count}"
                    : $"token {_tokens.Count} would have {length} bytes, and {longest} is the longest");
            var score = BinaryPrimitives.ReadSingleLittleEndian(rest);
            var token = rest.Slice(8, length);
            if (!float.IsFinite(score)) throw Damaged(at, $"token {_tokens.Count} has a score that is no finite number");
            if (!Utf8.IsValid(token)) throw Damaged(at + 8, $"token {_tokens.Count} is not UTF-8");
            _scores.Add(score);
            _tokens.Add(token.ToArray());
            at += 8 + length;
        }
        return _tokens.Count > FirstByte ? longest : throw Damaged(_content.Length, $"it holds {_tokens.Count} tokens");
    }

    private BadInputException Damaged(int at, string what) =>
        new($"{_file} is not a whole llama2.c vocabulary: at byte {at} {what}; fetch the file again, or give another tokenizer.");

    /// <summary>Two tokens merge where their bytes together are a token; the highest score comes first. For one thread.</summary>
    private sealed class Scores(Llama2cTokenizer owner) : IMerges
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup = owner._ids.GetAlternateLookup<ReadOnlySpan<char>>();
        private readonly char[] _buffer = new char[owner._longest];

        public bool TryMerge(int left, int right, out Merge merge)
        {
            merge = default;
            var (first, second) = (owner._tokens[left], owner._tokens[right]);
            var length = first.Length + second.Length;
            if (length > owner._longest) return false;
            Encoding.Latin1.GetChars(first, _buffer);
            Encoding.Latin1.GetChars(second, _buffer.AsSpan(first.Length));
            if (!_lookup.TryGetValue(_buffer.AsSpan(0, length), out var id)) return false;
            merge = new Merge(-owner._scores[id], id);
            return true;
        }
    }
}
