using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>
/// Cuts a source into text and tags, with the white space rules that chat templates are written for: a block's or comment's line end goes
/// with it, so does what is blank before it on its line, and a minus takes all white space on its side.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly SourceText _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private bool _isAtLineStart = true;

    private TemplateLexer(SourceText source) => _source = source;

    /// <exception cref="JinjaException">A tag, comment or literal is not closed, or holds a sign that is none of the language's.</exception>
    public static IReadOnlyList<Token> Read(string template)
    {
        var lexer = new TemplateLexer(new SourceText(template));
        while (lexer._at < lexer._source.Text.Length)
            lexer.ReadTextAndTag();
        lexer.Add(TokenKind.End, "", lexer._source.Text.Length);
        return lexer._tokens;
    }

    private void ReadTextAndTag()
    {
        var (start, tag) = (_at, FindTag(_at));
        if (tag < 0)
        {
            Add(TokenKind.Data, _source.Text[start..], start);
            _at = _source.Text.Length;
            return;
        }
        var kind = _source[tag + 1];
        var inside = tag + (_source[tag + 2] is '-' or '+' ? 3 : 2);
        AddText(start, tag, _source[tag + 2], stripsLine: kind != '{');
        switch (kind)
        {
            case '#':
                SkipComment(tag, inside);
                break;
            case '%' when RawBody(inside) is { } body:
                ReadRaw(tag, body);
                break;
            default:
                ReadTag(tag, inside, kind == '%');
                break;
        }
        _isAtLineStart = _source[_at - 1] == '\n';
    }

    private int FindTag(int from)
    {
        for (var at = _source.Text.IndexOf('{', from); at >= 0; at = _source.Text.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#') return at;
        }
        return -1;
    }

    /// <summary>The text before a tag, without what the tag's sign and kind take of it.</summary>
    private void AddText(int start, int end, char sign, bool stripsLine)
    {
        var text = _source.Text[start..end];
        if (sign == '-')
        {
            var kept = text.Length;
            while (kept > 0 && Characters.IsSpace(text[kept - 1])) kept--;
            text = text[..kept];
        }
        else if (sign != '+' && stripsLine)
        {
            var line = text.LastIndexOf('\n') + 1;
            if ((line > 0 || _isAtLineStart) && Characters.IsBlank(text.AsSpan(line))) text = text[..line];
        }
        Add(TokenKind.Data, text, start);
    }

    private void SkipComment(int tag, int inside)
    {
        var end = _source.Text.IndexOf("#}", inside, StringComparison.Ordinal);
        if (end < 0) throw _source.Wrong(tag, "Missing end of comment tag");
        _at = BehindTag(end + 2, end > inside ? _source[end - 1] : ' ', takesLineEnd: true);
    }

    /// <summary>Where the text of a raw block begins; null where the tag is another.</summary>
    private int? RawBody(int inside)
    {
        var name = _source.SkipSpace(inside);
        if (!_source.Has("raw", name)) return null;
        var end = _source.SkipSpace(name + 3);
        return _source.Has("-%}", end) ? _source.SkipSpace(end + 3) : _source.Has("%}", end) ? end + 2 : null;
    }

    private void ReadRaw(int tag, int body)
    {
        _isAtLineStart = _source[body - 1] == '\n';
        for (var at = _source.Text.IndexOf("{%", body, StringComparison.Ordinal); at >= 0; at = _source.Text.IndexOf("{%", at + 2, StringComparison.Ordinal))
        {
            var name = _source.SkipSpace(at + (_source[at + 2] is '-' or '+' ? 3 : 2));
            if (!_source.Has("endraw", name)) continue;
            var end = _source.SkipSpace(name + 6);
            var sign = _source[end] is '-' or '+' ? _source[end++] : ' ';
            if (!_source.Has("%}", end)) continue;
            AddText(body, at, _source[at + 2], stripsLine: true);
            _at = BehindTag(end + 2, sign, takesLineEnd: true);
            return;
        }
        throw _source.Wrong(tag, "Missing end of raw directive");
    }

    private void ReadTag(int tag, int inside, bool isBlock)
    {
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, "", tag);
        var expression = new ExpressionLexer(_source, inside, isBlock, _tokens);
        _at = expression.End < 0 ? _source.Text.Length : BehindTag(expression.End + 2, expression.Sign, takesLineEnd: isBlock);
    }

    private int BehindTag(int at, char sign, bool takesLineEnd) =>
        sign == '-' ? _source.SkipSpace(at) : sign != '+' && takesLineEnd && _source[at] == '\n' ? at + 1 : at;

    private void Add(TokenKind kind, string text, int at)
    {
        if (kind != TokenKind.Data || text.Length > 0) _tokens.Add(new Token(kind, text, _source.At(at)));
    }
}
