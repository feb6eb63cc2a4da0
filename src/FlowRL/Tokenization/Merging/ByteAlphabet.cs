using System.Text;

namespace FlowRL.Tokenization.Merging;

/// <summary>
/// The printable stand-ins that byte-level vocabularies write for bytes: a printable Latin-1 byte stands for itself, each other one
/// for the next character from U+0100 on (a space is Ġ, a line feed Ċ).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly short[] Values = Invert();

    public static char Character(byte value) => Characters[value];

    /// <summary>The UTF-8 bytes of a text, written in the alphabet.</summary>
    public static string Write(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, (characters, values) =>
        {
            for (var i = 0; i < values.Length; i++) characters[i] = Characters[values[i]];
        });
    }

    /// <summary>The bytes that a vocabulary entry stands for; an entry with other characters (a special token) is its own UTF-8.</summary>
    public static byte[] Read(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (entry[i] >= Values.Length || Values[entry[i]] < 0) return Encoding.UTF8.GetBytes(entry);
            bytes[i] = (byte)Values[entry[i]];
        }
        return bytes;
    }

    private static char[] Build()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = (char)(printable ? value : next++);
        }
        return characters;
    }

    private static short[] Invert()
    {
        var values = new short[Characters.Max() + 1];
        Array.Fill(values, (short)-1);
        for (var value = 0; value < 256; value++) values[Characters[value]] = (short)value;
        return values;
    }
}
