namespace FlowRL.Verifiers.Planning;

/// <summary>Reads the brackets and words of a PDDL text. Bounded in depth and size, whatever the text holds.</summary>
internal sealed class PddlText
{
    private const int Deepest = 64;
    private const int Longest = 1 << 22;
    private readonly string _name;
    private readonly string _text;
    private int _at;
    private int _line = 1;

    private PddlText(string name, string text) => (_name, _text) = (name, text);

    /// <summary>The one list that the text holds.</summary>
    /// <param name="name">What messages call the text.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="BadInputException">Brackets are missing, or something stands beside the list.</exception>
    public static PddlNode Read(string name, string text)
    {
        if (text.Length > Longest) throw new BadInputException($"{name}: over {Longest} characters; give a smaller file.");
        var reader = new PddlText(name, text);
        reader.SkipBlank();
        var node = reader.Node(0) ?? throw reader.Error("nothing but blank lines and comments");
        reader.SkipBlank();
        return reader._at == text.Length ? node : throw reader.Error("something after the last bracket");
    }

    private PddlNode? Node(int depth)
    {
        SkipBlank();
        if (_at == _text.Length) return null;
        if (depth > Deepest) throw Error($"brackets over {Deepest} deep");
        var line = _line;
        if (_text[_at] == ')') throw Error("a ')' without its '('");
        if (_text[_at] != '(') return new PddlNode(Word(), [], line);
        _at++;
        var items = new List<PddlNode>();
        while (true)
        {
            SkipBlank();
            if (_at == _text.Length) throw new BadInputException($"{_name}:{line}: this '(' is never closed.");
            if (_text[_at] == ')')
            {
                _at++;
                return new PddlNode(null, items, line);
            }
            items.Add(Node(depth + 1)!);
        }
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not ('(' or ')' or ';')) _at++;
        return _text[start.._at].ToLowerInvariant();
    }

    private void SkipBlank()
    {
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == ';') while (_at + 1 < _text.Length && _text[_at + 1] != '\n') _at++;
            else if (_text[_at] == '\n') _line++;
            else if (!char.IsWhiteSpace(_text[_at])) return;
        }
    }

    private BadInputException Error(string what) => new($"{_name}:{_line}: {what}.");
}

/// <summary>A word, or a list in brackets, of a PDDL text.</summary>
/// <param name="Word">The word in lower case; null for a list.</param>
/// <param name="Items">What is in the list; empty for a word.</param>
/// <param name="Line">Its line, from 1.</param>
internal sealed record PddlNode(string? Word, IReadOnlyList<PddlNode> Items, int Line)
{
    /// <summary>The word at the head of a list; null where there is none.</summary>
    public string? Head => Items.Count > 0 ? Items[0].Word : null;
}
