using System.Text;

namespace FlowRL.Tokenization;

/// <summary>What every tokenizer does the same way with text.</summary>
internal static class TokenText
{
    /// <summary>Half a surrogate pair, which has no bytes and cannot be normalised, becomes U+FFFD.</summary>
    public static string WellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return string.Concat(text.EnumerateRunes());
            i++;
        }
        return text;
    }
}

/// <summary>The error for a character that a vocabulary without byte tokens cannot write.</summary>
internal static class UnrepresentableCharacter
{
    public static BadInputException In(string file, Rune rune)
    {
        var name = Rune.IsControl(rune) ? $"U+{rune.Value:X4}" : $"'{rune}' (U+{rune.Value:X4})";
        return new BadInputException($"The text holds the character {name}, for which the vocabulary of {file} has no token; " +
            "leave the character out or use a tokenizer that covers all bytes.");
    }
}
