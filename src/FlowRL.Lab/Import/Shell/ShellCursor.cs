namespace FlowRL.Lab.Import.Shell;

/// <summary>A place in a script, and the line it is in.</summary>
internal sealed class ShellCursor(string text, int line = 1)
{
    public int At { get; private set; }

    /// <summary>From 1.</summary>
    public int Line { get; private set; } = line;

    public bool IsAtEnd => At >= text.Length;

    /// <summary>The character <paramref name="ahead"/> of the next; <c>\0</c> after the end.</summary>
    public char Peek(int ahead = 0) => At + ahead < text.Length ? text[At + ahead] : '\0';

    public bool IsAt(string expected) => string.CompareOrdinal(text, At, expected, 0, expected.Length) == 0;

    public ReadOnlySpan<char> Rest => text.AsSpan(Math.Min(At, text.Length));

    /// <summary>What follows, as far as a pattern needs to look.</summary>
    public string Ahead(int most) => Rest[..Math.Min(most, Rest.Length)].ToString();

    public char Take()
    {
        var next = Peek();
        if (next == '\n') Line++;
        At++;
        return next;
    }

    /// <summary>Goes on by so many characters, and returns them.</summary>
    public string Take(int count)
    {
        var start = At;
        for (var i = 0; i < count && !IsAtEnd; i++) Take();
        return text[start..At];
    }

    /// <summary>What follows up to the character, which is left out and passed; all that is left where there is none.</summary>
    public string TakeTo(char end)
    {
        var length = Rest.IndexOf(end);
        var taken = Take(length < 0 ? Rest.Length : length);
        if (!IsAtEnd) Take();
        return taken;
    }

    /// <summary>
    /// What stands between a bracket that has just been passed and the one that closes it, which is passed; those inside of quotation marks do
    /// not count.
    /// </summary>
    public string TakeBracketed(char open, char close)
    {
        var start = At;
        var depth = 1;
        var quote = '\0';
        while (!IsAtEnd)
        {
            var next = Take();
            if (next == '\\' && quote != '\'') Take();
            else if (quote != '\0') quote = next == quote ? '\0' : quote;
            else if (next is '\'' or '"') quote = next;
            else if (next == open) depth++;
            else if (next == close && --depth == 0) return text[start..(At - 1)];
        }
        return text[start..Math.Min(At, text.Length)];
    }

    public void SkipLine()
    {
        while (!IsAtEnd && Peek() != '\n') Take();
    }
}
