using FlowRL.Verifiers.Mathematics.Reading;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>One side of an equation.</summary>
/// <param name="Tokens">Numbers, known names, signs and brackets; null where it is something else.</param>
/// <param name="Name">The word that stands for it, such as the x of x = 5; null where it has tokens.</param>
internal readonly record struct StepSide(IReadOnlyList<AnswerToken>? Tokens, string? Name);

/// <summary>
/// Finds chains of equations in prose, one token after the other. Words after a number are its unit, words before a calculation are no part of it; two numbers
/// without a sign between, and whatever else no calculation has, end what stands before. Linear in the text.
/// </summary>
/// <param name="found">Told the sides of each chain when it ends, one or more.</param>
/// <param name="isKnown">Whether a name has a value.</param>
internal sealed class StepReader(Action<IReadOnlyList<StepSide>> found, Func<string, bool> isKnown)
{
    private const int LongestNote = 100; // tokens between << and >>
    private const string UnitLetters = "mgshlLaI"; // an article and a pronoun among them

    private static readonly AnswerToken Nothing = new(TokenKind.Sign, "");

    private readonly List<StepSide> _sides = [];
    private readonly List<AnswerToken> _side = [];
    private readonly List<int> _open = []; // places in the side of brackets that are not closed
    private string? _name;
    private bool _isUnreadable;
    private bool _isAfterWord;

    /// <summary>How often a sign ended a chain.</summary>
    public int Breaks { get; private set; }

    /// <summary>Reads a line; a chain goes on in the next one that begins with an equals sign, and after one that ends in a sign.</summary>
    public void Line(IReadOnlyList<AnswerToken> tokens)
    {
        if (tokens.Count == 0) return;
        var goesOn = tokens[0].IsSign("=") || (IsOperandExpected && (_side.Count > 0 || (_sides.Count > 0 && _name is null)));
        if (!goesOn) EndChain();
        for (var i = 0; i < tokens.Count; i++) i = Token(tokens, i);
    }

    /// <summary>Ends the text.</summary>
    public void EndChain()
    {
        var rest = _open.Count > 0 ? _side[.._open[0]] : [.. _side];
        while (rest.Count > 0 && (IsOperator(rest[^1]) || rest[^1].Kind == TokenKind.Open)) rest.RemoveAt(rest.Count - 1);
        if (!_isUnreadable && rest.Count > 0) _sides.Add(new(rest, null));
        else if (_side.Count == 0 && _sides.Count > 0) _sides.Add(new(null, _name));
        if (_sides.Any(side => side.Tokens is not null)) found([.. _sides]);
        _sides.Clear();
        ClearSide();
    }

    private bool IsOperandExpected => _side.Count == 0 || _side[^1].Kind == TokenKind.Open || IsOperator(_side[^1]);

    private static bool IsOperator(AnswerToken token) => token is { Kind: TokenKind.Sign, Text: "+" or "-" or "*" or "/" or "^" };

    private static bool IsWord(AnswerToken token) => token.IsWordy || token.Kind is TokenKind.Name or TokenKind.Function;

    /// <summary>Takes the token at <paramref name="i"/>, and perhaps some after it; returns the place of the last one taken.</summary>
    private int Token(IReadOnlyList<AnswerToken> tokens, int i)
    {
        var (token, next) = (tokens[i], i + 1 < tokens.Count ? tokens[i + 1] : Nothing);
        if (token.IsSign("<") && next.IsSign("<")) return Note(tokens, i);
        if (token.IsSign("\\") && (next == Nothing || next.IsSign("="))) return i; // the end of a line of LaTeX's
        if (token.IsSign("^") && _isAfterWord && next.Kind == TokenKind.Number) return i + 1; // 5 cm^2
        if (IsWord(token)) Word(token, next);
        else if (token.IsSign("=")) EndSide();
        else if (token.Kind == TokenKind.Number) Operand(token);
        else if (IsOperator(token)) Operator(token, next);
        else if (token.IsSign("%") && !IsOperandExpected) _side.Add(token);
        else if (token.Kind == TokenKind.Open) Bracket(token);
        else if (token.Kind == TokenKind.Close && !IsOperandExpected && _open.Count > 0)
        {
            _side.Add(token);
            _open.RemoveAt(_open.Count - 1);
        }
        else
        {
            Breaks++;
            EndChain();
        }
        return i;
    }

    /// <summary>A calculator's note, as GSM8K has them: 48/2 = &lt;&lt;48/2=24&gt;&gt;24.</summary>
    private int Note(IReadOnlyList<AnswerToken> tokens, int start)
    {
        for (var end = start + 2; end + 1 < tokens.Count && end < start + LongestNote && !tokens[end].IsSign("<"); end++)
        {
            if (!tokens[end].IsSign(">") || !tokens[end + 1].IsSign(">")) continue;
            var inner = new StepReader(found, isKnown);
            inner.Line([.. tokens.Skip(start + 2).Take(end - start - 2)]);
            inner.EndChain();
            return end + 1;
        }
        Breaks++;
        EndChain();
        return start;
    }

    private void Operand(AnswerToken token)
    {
        if (!IsOperandExpected) EndChain();
        Add(token);
    }

    private void Add(AnswerToken token)
    {
        _side.Add(token);
        _isAfterWord = false;
    }

    private void Bracket(AnswerToken token)
    {
        if (!IsOperandExpected)
        {
            if (_isAfterWord || (token.SpaceBefore && _side[^1].Kind != TokenKind.Close)) EndChain();
            else Add(Sign("*"));
        }
        _open.Add(_side.Count);
        Add(token);
    }

    private void Operator(AnswerToken token, AnswerToken next)
    {
        if (!IsOperandExpected)
        {
            var isUnit = token.Text == "/" && IsWord(next) && (_isAfterWord || (next is { IsWordy: true, SpaceBefore: false } && !isKnown(next.Text)));
            if (isUnit) _isAfterWord = true; // 60 km/h, $600/day
            else Add(token);
        }
        else if (token.Text is "+" or "-" && (_side.Count > 0 || _sides.Count > 0 || !next.SpaceBefore)) Add(token);
        else if (_side.Count > 0) EndChain(); // what stands at the beginning is the mark of a list
    }

    private void Word(AnswerToken token, AnswerToken next)
    {
        var text = token.Text[(token.Text.LastIndexOf(' ') + 1)..];
        if (text.Length > 1) text = text.ToLowerInvariant();
        if (IsOperandExpected) WordBeforeOperand(token, text, next);
        else WordAfterOperand(token, text, next);
    }

    private void WordAfterOperand(AnswerToken token, string text, AnswerToken next)
    {
        var isAttached = !token.SpaceBefore && !_isAfterWord;
        if (text is "x" or "X" && next.Kind == TokenKind.Number) Add(Sign("*"));
        else if (Spoken(text) is { } sign) Add(Sign(sign));
        else if (isAttached && isKnown(text))
        {
            Add(Sign("*"));
            Add(Known(text));
        }
        else if (token.Kind == TokenKind.Name && (isAttached || (text.Length == 1 && !UnitLetters.Contains(text, StringComparison.Ordinal))))
            _isUnreadable = true;
        else if (token.Kind == TokenKind.Function && next.Kind == TokenKind.Open) _isUnreadable = true;
        else _isAfterWord = true;
    }

    /// <summary>The sign that a word stands for between two numbers; null where it is another word.</summary>
    private string? Spoken(string word) => word switch
    {
        "times" => "*",
        "plus" => "+",
        "minus" => "-",
        "of" when _side[^1].IsSign("%") || (_side.Count > 1 && _side[^2].IsSign("/")) || _side[^1].Kind == TokenKind.Close => "*",
        _ => null,
    };

    private void WordBeforeOperand(AnswerToken token, string text, AnswerToken next)
    {
        var isLast = next == Nothing;
        if (_side.Count == 0 && !IsOperator(next))
        {
            // What stands before a calculation says nothing but, at the end, a name.
            _name = text;
            _isUnreadable |= token.Kind is TokenKind.Function or TokenKind.Name && next.Kind == TokenKind.Open;
            if (isLast && isKnown(text)) Add(Known(text));
        }
        else if (isLast || next.IsSign("=") || IsOperator(next) || next.Kind is TokenKind.Close)
        {
            if (isKnown(text)) Add(Known(text));
            else _isUnreadable = true;
        }
        else if (next.Kind is TokenKind.Number or TokenKind.Open) _isUnreadable |= token.Kind is TokenKind.Name or TokenKind.Function; // 3 * the 4 others
        else EndChain();
    }

    private void EndSide()
    {
        if (_open.Count > 0)
        {
            // 5 (3 + 2 = 5): the bracket holds a chain of its own.
            var (inside, isUnreadable) = (_side[(_open[^1] + 1)..], _isUnreadable);
            EndChain();
            _side.AddRange(inside);
            _isUnreadable = isUnreadable;
        }
        var isWhole = !_isUnreadable && _side.Count > 0 && !IsOperandExpected;
        _sides.Add(isWhole ? new([.. _side], null) : new(null, _side.Count == 0 && !_isUnreadable ? _name : null));
        ClearSide();
    }

    private void ClearSide()
    {
        _side.Clear();
        _open.Clear();
        (_name, _isUnreadable, _isAfterWord) = (null, false, false);
    }

    private static AnswerToken Known(string name) => new(TokenKind.Name, name);

    private static AnswerToken Sign(string text) => new(TokenKind.Sign, text);
}
