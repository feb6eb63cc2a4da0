namespace FlowRL.Verifiers.Mathematics;

/// <summary>Letters of multiple choice: B, (B), \text{(B)}, B. and B) with the chosen text after it are one answer.</summary>
internal static class ChoiceLetter
{
    private const int LongestWrapped = 40;

    /// <summary>The letter A to J that an answer consists of; null for any other answer.</summary>
    public static char? Alone(string answer)
    {
        if (answer.Length > LongestWrapped) return null;
        char? letter = null;
        var bare = answer;
        foreach (var command in Notation.Texts.OrderByDescending(name => name.Length))
            bare = bare.Replace($"\\{command}", "", StringComparison.Ordinal);
        foreach (var character in bare)
        {
            if (" {}()[].:$\\".Contains(character, StringComparison.Ordinal)) continue;
            if (letter is not null || character is not (>= 'A' and <= 'J')) return null;
            letter = character;
        }
        return letter;
    }

    /// <summary>The letter that an answer consists of or begins with, marked off by a bracket, a point or a colon.</summary>
    public static char? Leading(string answer)
    {
        if (Alone(answer) is { } alone) return alone;
        var start = answer.StartsWith('(') ? 1 : 0;
        if (answer.Length < start + 3 || answer[start] is not (>= 'A' and <= 'J')) return null;
        var marked = start == 1 ? answer[start + 1] == ')' : answer[start + 1] is ')' or '.' or ':';
        return marked ? answer[start] : null;
    }
}
