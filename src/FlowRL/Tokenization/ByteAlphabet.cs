using System.Text;

namespace FlowRL.Tokenization;

/// <summary>
/// The printable stand-ins that byte-level vocabularies write for bytes: a printable Latin-1 byte stands for itself, each other one
/// for the next character from U+0100 on (a space is Ġ, a line feed Ċ).
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly Dictionary<char, byte> Values =
        Characters.Select((character, value) => (character, value)).ToDictionary(p => p.character, p => (byte)p.value);

    public static char Character(byte value) => Characters[value];

    /// <summary>UTF-8 bytes of a text, written in the alphabet.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(Characters[value]);
        return text.ToString();
    }

    /// <summary>The bytes that a vocabulary entry stands for; an entry with other characters (a special token) is its own UTF-8.</summary>
    public static byte[] Read(string entry)
    {
        var bytes = new byte[entry.Length];
        for (var i = 0; i < entry.Length; i++)
        {
            if (!Values.TryGetValue(entry[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(entry);
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
}
