using System.Buffers.Binary;
using System.Text;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>
/// The table of replacements that a SentencePiece model carries (nmt_nfkc and its like): at each place the longest beginning of the
/// text that the table has becomes what it says; a character that begins none stays.
/// </summary>
/// <remarks>
/// File: uint32 size of a double-array trie in bytes, its units (uint32 each), then the replacements, each ended by a zero byte;
/// little-endian. A unit holds the offset to its children, the byte by which it is reached, and whether one of its children is a value.
/// </remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <exception cref="BadInputException">The table is damaged.</exception>
    public CharacterMap(SentencePieceFile file)
    {
        var table = file.CharacterMap.Span;
        var size = table.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(table) : 0;
        if (size == 0 || size % 4 != 0 || size > table.Length - 4 || table[^1] != 0)
            throw SentencePiecePipeline.Refused(file, "its table of replacements (precompiled_charsmap) is damaged");
        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++) _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + 4 * i)..]);
        _replacements = table[(4 + (int)size)..].ToArray();
    }

    public string Apply(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var result = new MemoryStream(bytes.Length);
        for (var at = 0; at < bytes.Length;)
        {
            var (length, replacement) = Longest(bytes.AsSpan(at));
            if (length == 0)
            {
                Rune.DecodeFromUtf8(bytes.AsSpan(at), out _, out length);
                result.Write(bytes, at, length);
            }
            else
            {
                result.Write(replacement);
            }
            at += length;
        }
        return Encoding.UTF8.GetString(result.GetBuffer(), 0, (int)result.Length);
    }

    private (int Length, byte[] Replacement) Longest(ReadOnlySpan<byte> text)
    {
        var (length, start) = (0, 0);
        var node = Offset(_units[0]);
        for (var i = 0; i < text.Length; i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i]) break;
            var unit = _units[node];
            node ^= Offset(unit);
            if (HasValue(unit) && node < _units.Length) (length, start) = (i + 1, (int)(_units[node] & 0x7FFFFFFF));
        }
        if (length == 0 || start >= _replacements.Length) return (0, []);
        var rest = _replacements.AsSpan(start);
        return (length, rest[..rest.IndexOf((byte)0)].ToArray());
    }

    private static bool HasValue(uint unit) => (unit >> 8 & 1) == 1;

    private static uint Label(uint unit) => unit & (1u << 31 | 0xFF);

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);
}
