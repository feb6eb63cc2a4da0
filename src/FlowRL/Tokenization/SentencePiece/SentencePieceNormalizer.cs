using System.Text;
using FlowRL.Tokenization.Normalizers;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>
/// What SentencePiece does before it looks for pieces: replacements from a compiled table, spaces in a row as one and none at the ends,
/// a space before the text, and ▁ for each space.
/// </summary>
internal sealed class SentencePieceNormalizer(SentencePieceFile file) : Normalizer
{
    private const char Sign = '▁';
    private readonly CharacterMap? _map = file.CharacterMap.Length > 0 ? new CharacterMap(file) : null;

    public override string Apply(string text)
    {
        if (_map is not null) text = _map.Apply(text);
        if (file.RemovesExtraSpaces) text = WithoutExtraSpaces(text);
        if (text.Length == 0) return text;
        return (file.AddsSpacePrefix ? Sign + text : text).Replace(' ', Sign);
    }

    private static string WithoutExtraSpaces(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character != ' ' || (kept.Length > 0 && kept[^1] != ' ')) kept.Append(character);
        }
        var end = kept.Length;
        while (end > 0 && kept[end - 1] is ' ' or Sign) end--;
        return kept.ToString(0, Math.Max(end, 0));
    }
}
