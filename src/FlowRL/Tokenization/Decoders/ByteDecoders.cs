using System.Globalization;
using System.Text;
using System.Text.Unicode;
using FlowRL.Tokenization.Merging;

namespace FlowRL.Tokenization.Decoders;

/// <summary>Reads the byte alphabet. Of bytes that are not UTF-8, each longest broken part becomes U+FFFD, and the rest stays.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        using var bytes = new MemoryStream(tokens.Count * 4);
        foreach (var token in tokens) bytes.Write(ByteAlphabet.Read(token));
        tokens.Clear();
        tokens.Add(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    public override TokenPart Inside(string token) => new(null, ByteAlphabet.Read(token));
}

/// <summary>
/// Reads tokens such as <c>&lt;0xE4&gt;</c> as bytes. A run of them is read as a whole: where it is not UTF-8, each of its bytes becomes
/// U+FFFD, those of whole characters too.
/// </summary>
internal sealed class ByteFallbackDecoder : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        var run = new List<byte>();
        var kept = 0;
        void End()
        {
            if (run.Count == 0) return;
            var bytes = run.ToArray();
            tokens[kept++] = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : new string('\uFFFD', bytes.Length);
            run.Clear();
        }
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Byte(tokens[i]) is { } value)
            {
                run.Add(value);
                continue;
            }
            var text = tokens[i]; // before a run ends, whose text may take this place
            End();
            tokens[kept++] = text;
        }
        End();
        tokens.RemoveRange(kept, tokens.Count - kept);
    }

    public override TokenPart Inside(string token) => Byte(token) is { } value ? new(null, [value]) : new(token, null);

    /// <summary>The byte that a token such as <c>&lt;0xE4&gt;</c> stands for; null where it stands for itself.</summary>
    public static byte? Byte(string token) =>
        token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
        && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
