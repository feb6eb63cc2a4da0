namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>A template's tags, and the text between them.</summary>
internal sealed class StatementParser
{
    private readonly TokenStream _tokens;
    private readonly UnknownNames _unknown = new();
    private readonly ExpressionParser _expressions;
    private readonly Budget _nesting;

    /// <summary>The tags that are open, with the tags that each looks for next.</summary>
    private readonly Stack<(string Tag, string[] Ends)> _open = [];

    /// <summary>For each macro around, which of its special names its body has spoken of.</summary>
    private readonly List<HashSet<string>> _special = [];

    private int _loops;

    private StatementParser(string template, JinjaLimits limits)
    {
        _tokens = new TokenStream(TemplateLexer.Read(template));
        _nesting = new Budget(limits with { Steps = long.MaxValue });
        _expressions = new ExpressionParser(_tokens, _unknown, _nesting) { OnName = NoteName };
    }

    /// <exception cref="JinjaException">The source is no template.</exception>
    public static IReadOnlyList<Statement> Parse(string template, JinjaLimits limits)
    {
        var parser = new StatementParser(template, limits);
        try
        {
            var body = parser.ParseBody();
            parser._unknown.Check();
            return body;
        }
        catch (JinjaException e)
        {
            throw e.Standing(parser._tokens.Current.At);
        }
    }

    /// <summary>Statements up to a tag that ends them, which stays to be read, or up to the template's end.</summary>
    private List<Statement> ParseBody(params string[] ends)
    {
        var body = new List<Statement>();
        while (_tokens.Current.Kind != TokenKind.End)
        {
            var token = _tokens.Next();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Literal(token.Text, token.At));
                    break;
                case TokenKind.VariableBegin:
                    var value = _expressions.ParseTuple();
                    body.Add(new Print(value, value.At));
                    _tokens.Expect(TokenKind.VariableEnd, "end of print statement");
                    break;
                case TokenKind.BlockBegin when _tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text):
                    return body;
                case TokenKind.BlockBegin:
                    body.AddRange(ParseStatement());
                    _tokens.Expect(TokenKind.BlockEnd, "end of statement block");
                    break;
                default:
                    throw _tokens.Wrong($"unexpected '{token.Described}'", token);
            }
        }
        return ends.Length == 0 ? body : throw _tokens.Wrong($"Unexpected end of template. {Open()}");
    }

    private IEnumerable<Statement> ParseStatement()
    {
        if (_tokens.Current.Kind != TokenKind.Name) throw _tokens.Wrong("tag name expected");
        var tag = _tokens.Next();
        _nesting.Enter();
        IEnumerable<Statement> statements = tag.Text switch
        {
            "if" => [ParseIf(tag.At)],
            "for" => [ParseFor(tag.At)],
            "set" => [ParseSet(tag.At)],
            "print" => ParsePrint(),
            "macro" => [ParseMacro(tag.At)],
            "call" => [ParseCallBlock(tag.At)],
            "filter" => [new FilterBlock(_expressions.ParseFilters(startsInline: true), ParseScope("filter", "endfilter"), tag.At)],
            "with" => [ParseWith(tag.At)],
            "generation" => [new Generation(ParseFunction("generation", "endgeneration"), tag.At)],
            "block" => [ParseBlock(tag.At)],
            "break" => [InLoop(new Break(tag.At), "'break' outside loop")],
            "continue" => [InLoop(new Continue(tag.At), "'continue' not properly in loop")],
            _ => throw Unknown(tag),
        };
        _nesting.Leave();
        return statements;
    }

    private If ParseIf(Position at)
    {
        var (mark, branches, otherwise) = (_unknown.Mark, new List<(Expression, IReadOnlyList<Statement>)>(), new List<Statement>());
        Token end;
        do
        {
            var test = _expressions.ParseTuple(allowsIf: false);
            branches.Add((test, ParseUpTo("if", "elif", "else", "endif")));
            end = _tokens.Next();
        }
        while (end.Text == "elif");
        if (end.Text == "else") otherwise = ParseWhole("if", "endif");
        _unknown.Excuse(mark);
        return new If(branches, otherwise, at);
    }

    private For ParseFor(Position at)
    {
        var target = _expressions.ParseTarget(end: "in");
        if (Assignment.Names(target).Contains("loop")) throw _tokens.Wrong("Can't assign to special loop variable in for-loop target");
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(allowsIf: false, end: "recursive");
        _unknown.Enter();
        var test = _tokens.SkipName("if") ? _expressions.Parse() : null;
        var isRecursive = _tokens.SkipName("recursive");
        _loops++;
        var body = ParseUpTo("for", "endfor", "else");
        _loops--;
        var otherwise = _tokens.Next().Text == "else" ? ParseWhole("for", "endfor") : [];
        _unknown.Leave();
        return new For(target, items, test, isRecursive, body, otherwise, at);
    }

    private Statement ParseSet(Position at)
    {
        var target = _expressions.ParseTarget(allowsNamespace: true);
        if (_tokens.SkipOperator("=")) return new Set(target, _expressions.ParseTuple(), at);
        var filter = _tokens.Current.IsOperator("|") ? _expressions.ParseFilters(startsInline: false) : null;
        return new SetBlock(target, filter, ParseScope("set", "endset"), at);
    }

    private List<Statement> ParsePrint()
    {
        var printed = new List<Statement>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (printed.Count > 0) _tokens.ExpectOperator(",");
            var value = _expressions.Parse();
            printed.Add(new Print(value, value.At));
        }
        return printed;
    }

    private Macro ParseMacro(Position at)
    {
        var name = _expressions.ParseNameTarget().Text;
        return new Macro(ParseDefinition(name, ParseParameters(), "macro", "endmacro"), at);
    }

    private CallBlock ParseCallBlock(Position at)
    {
        var parameters = _tokens.Current.IsOperator("(") ? ParseParameters() : [];
        var start = _tokens.Current;
        var call = _expressions.Parse() as Call ?? throw _tokens.Wrong("expected call", start);
        return new CallBlock(call, ParseDefinition("caller", parameters, "call", "endcall"), at);
    }

    private MacroDefinition ParseDefinition(string name, List<(string, Expression?)> parameters, string tag, string end)
    {
        _special.Add([]);
        var body = ParseFunction(tag, end);
        var special = _special[^1];
        _special.RemoveAt(_special.Count - 1);
        special.ExceptWith(parameters.Select(parameter => parameter.Item1));
        return new MacroDefinition(name, parameters, body, special);
    }

    private List<(string, Expression?)> ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0) _tokens.ExpectOperator(",");
            var name = _expressions.ParseNameTarget().Text;
            var isOptional = _tokens.SkipOperator("=");
            if (!isOptional && parameters.Count > 0 && parameters[^1].Item2 is not null) throw _tokens.Wrong("non-default argument follows default argument");
            parameters.Add((name, isOptional ? _expressions.Parse() : null));
        }
        _tokens.Next();
        return parameters;
    }

    private With ParseWith(Position at)
    {
        var names = new List<(Expression, Expression)>();
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (names.Count > 0) _tokens.ExpectOperator(",");
            // One name: a comma begins the next.
            Expression target = _expressions.ParseNameTarget();
            _tokens.ExpectOperator("=");
            names.Add((target, _expressions.Parse()));
        }
        return new With(names, ParseScope("with", "endwith"), at);
    }

    private Block ParseBlock(Position at)
    {
        var name = _tokens.ExpectName().Text;
        while (_tokens.SkipName("scoped") || _tokens.SkipName("required")) { }
        var body = ParseScope("block", "endblock");
        _tokens.SkipName(name);
        return new Block(body, at);
    }

    private Statement InLoop(Statement statement, string words) =>
        _loops > 0 ? statement : throw new JinjaException(JinjaErrorKind.Syntax, words, statement.At);

    /// <summary>A body that is a function of its own: no <c>break</c> gets out of it.</summary>
    private List<Statement> ParseFunction(string tag, string end)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseScope(tag, end);
        _loops = loops;
        return body;
    }

    private List<Statement> ParseScope(string tag, string end)
    {
        _unknown.Enter();
        var body = ParseWhole(tag, end);
        _unknown.Leave();
        return body;
    }

    /// <summary>The body of a tag with the tag that ends it.</summary>
    private List<Statement> ParseWhole(string tag, string end)
    {
        var body = ParseUpTo(tag, end);
        _tokens.Next();
        return body;
    }

    private List<Statement> ParseUpTo(string tag, params string[] ends)
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.BlockEnd, "end of statement block");
        _open.Push((tag, ends));
        var body = ParseBody(ends);
        _open.Pop();
        return body;
    }

    private void NoteName(string name)
    {
        if (name is not ("caller" or "varargs" or "kwargs")) return;
        foreach (var special in _special) special.Add(name);
    }

    private JinjaException Unknown(Token tag)
    {
        var mistake = _open.Any(open => open.Ends.Contains(tag.Text)) && _open.Count > 0 && !_open.Peek().Ends.Contains(tag.Text)
            ? "You probably made a nesting mistake. " : "";
        return _tokens.Wrong($"Encountered unknown tag '{tag.Text}'.{(_open.Count > 0 ? $" {mistake}{Open()}" : "")}", tag);
    }

    private string Open()
    {
        var (tag, ends) = _open.Peek();
        return $"Jinja was looking for the following tags: {string.Join(" or ", ends.Order(StringComparer.Ordinal).Select(end => $"'{end}'"))}. " +
            $"The innermost block that needs to be closed is '{tag}'.";
    }
}
