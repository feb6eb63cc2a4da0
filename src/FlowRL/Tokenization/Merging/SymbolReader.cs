using System.Text;

namespace FlowRL.Tokenization.Merging;

/// <summary>Writes a piece in the smallest tokens of a vocabulary, which merging starts from.</summary>
/// <param name="file">For messages.</param>
/// <param name="unknownId">Stands for what has no token; null refuses it.</param>
/// <param name="fusesUnknown">Whether unknown symbols in a row are one.</param>
internal abstract class SymbolReader(string file, int? unknownId, bool fusesUnknown)
{
    /// <summary>How many symbols a UTF-16 unit becomes at most.</summary>
    public const int MostSymbols = 3;

    /// <summary>What stands for symbols without a token; null where each has one, or none stands for others.</summary>
    public abstract int? UnknownId { get; }

    /// <param name="piece">Without lone surrogates.</param>
    /// <param name="symbols">At least <see cref="MostSymbols"/> times as long as the piece.</param>
    /// <returns>How many symbols there are.</returns>
    public abstract int Read(ReadOnlySpan<char> piece, Span<int> symbols);

    protected void AddUnknown(Rune rune, Span<int> symbols, ref int count)
    {
        if (unknownId is not { } unknown) throw UnrepresentableCharacter.In(file, rune);
        if (!(fusesUnknown && count > 0 && symbols[count - 1] == unknown)) symbols[count++] = unknown;
    }
}

/// <summary>Bytes, as byte-level vocabularies have them.</summary>
internal sealed class ByteSymbols : SymbolReader
{
    private readonly int[] _ids = new int[256];
    private readonly bool _isComplete;
    private readonly bool _dropsUnknown;

    public ByteSymbols(string file, IReadOnlyDictionary<string, int> vocabulary, int? unknownId, bool fusesUnknown) : base(file, unknownId, fusesUnknown)
    {
        for (var value = 0; value < 256; value++)
            _ids[value] = vocabulary.TryGetValue(ByteAlphabet.Character((byte)value).ToString(), out var id) ? id : -1;
        _isComplete = !_ids.Contains(-1);
        // A vocabulary learnt from large texts may lack the bytes that no text has but broken ones; they are dropped, as the reference does
        // it. One that lacks others was made for a task, and dropping a letter would be silent damage.
        _dropsUnknown = unknownId is null && Enumerable.Range(0, 256).All(value => _ids[value] >= 0 || !IsOfPrintedText((byte)value));
        UnknownId = _isComplete ? null : unknownId;
    }

    public override int? UnknownId { get; }

    public override int Read(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        var count = 0;
        if (_isComplete)
        {
            Span<byte> bytes = piece.Length <= 128 ? stackalloc byte[3 * 128] : new byte[Encoding.UTF8.GetByteCount(piece)];
            bytes = bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
            foreach (var value in bytes) symbols[count++] = _ids[value];
            return count;
        }
        Span<byte> character = stackalloc byte[4];
        foreach (var rune in piece.EnumerateRunes())
        {
            foreach (var value in character[..rune.EncodeToUtf8(character)])
            {
                if (_ids[value] >= 0) symbols[count++] = _ids[value];
                else if (!_dropsUnknown) AddUnknown(rune, symbols, ref count);
            }
        }
        return count;
    }

    /// <summary>Whether UTF-8 needs the byte for characters that can be printed; U+40000 to U+BFFFF and the private planes have none such.</summary>
    private static bool IsOfPrintedText(byte value) =>
        value is (byte)'\t' or (byte)'\n' or (byte)'\r' or (>= 0x20 and <= 0x7E) or (>= 0x80 and <= 0xBF) or (>= 0xC2 and <= 0xF0);
}

/// <summary>Characters; those without a token become the tokens of their bytes (<c>&lt;0xE4&gt;</c>) where the vocabulary falls back on these.</summary>
internal sealed class CharacterSymbols : SymbolReader
{
    private readonly Dictionary<int, int> _ids;
    private readonly int[]? _byteIds;

    /// <param name="file">For messages.</param>
    /// <param name="vocabulary">Its entries of one character are the symbols.</param>
    /// <param name="unknownId">Stands for what has no token.</param>
    /// <param name="fusesUnknown">Whether unknown characters in a row are one.</param>
    /// <param name="bytes">Ids of the 256 bytes, −1 where there is none; null without fallback.</param>
    public CharacterSymbols(
        string file, IEnumerable<KeyValuePair<string, int>> vocabulary, int? unknownId, bool fusesUnknown, int[]? bytes) : base(file, unknownId, fusesUnknown)
    {
        _ids = vocabulary.Where(entry => entry.Key.Length is 1 or 2 && Rune.TryGetRuneAt(entry.Key, 0, out var rune)
                && rune.Utf16SequenceLength == entry.Key.Length)
            .ToDictionary(entry => Rune.GetRuneAt(entry.Key, 0).Value, entry => entry.Value);
        _byteIds = bytes;
        UnknownId = bytes is null || bytes.Contains(-1) ? unknownId : null;
    }

    public override int? UnknownId { get; }

    public override int Read(ReadOnlySpan<char> piece, Span<int> symbols)
    {
        var count = 0;
        Span<byte> buffer = stackalloc byte[4];
        foreach (var rune in piece.EnumerateRunes())
        {
            if (_ids.TryGetValue(rune.Value, out var id))
            {
                symbols[count++] = id;
                continue;
            }
            var bytes = buffer[..rune.EncodeToUtf8(buffer)];
            if (HasAll(bytes))
                foreach (var value in bytes) symbols[count++] = _byteIds![value];
            else
                AddUnknown(rune, symbols, ref count);
        }
        return count;
    }

    private bool HasAll(ReadOnlySpan<byte> bytes)
    {
        if (_byteIds is null) return false;
        foreach (var value in bytes)
        {
            if (_byteIds[value] < 0) return false;
        }
        return true;
    }
}
