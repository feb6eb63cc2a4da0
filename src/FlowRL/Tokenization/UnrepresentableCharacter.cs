using System.Text;

namespace FlowRL.Tokenization;

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
