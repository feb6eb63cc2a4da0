using System.Text;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>
/// Expressions, with Jinja's precedence, which is not Python's: from the loosest, if-else, or, and, not, comparisons, + and -, ~, the signs
/// of multiplication, ** (from the left), a sign before, and then filters and tests, which take the whole signed operand.
/// </summary>
internal sealed class ExpressionParser(TokenStream tokens, UnknownNames unknown, Budget nesting)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly PostfixParser _postfix = new(tokens, unknown);

    /// <summary>Called with the name of each variable that is read.</summary>
    public Action<string> OnName { get; init; } = _ => { };

    /// <param name="allowsIf">Whether it may be an if-else: not where an <c>if</c> behind it belongs to a loop.</param>
    public Expression Parse(bool allowsIf = true)
    {
        nesting.Enter();
        var expression = allowsIf ? ParseConditional() : ParseOr();
        nesting.Leave();
        return expression;
    }

    /// <summary>Expressions with commas between them are a tuple.</summary>
    /// <param name="allowsIf">As for <see cref="Parse"/>.</param>
    /// <param name="isInBrackets">Whether there may be none at all.</param>
    /// <param name="end">A name that ends it.</param>
    public Expression ParseTuple(bool allowsIf = true, bool isInBrackets = false, string? end = null) =>
        ParseItems(() => Parse(allowsIf), isInBrackets, end);

    /// <summary>What is assigned to: a name, names with commas between them, or a field of a namespace.</summary>
    public Expression ParseTarget(bool allowsNamespace = false, string? end = null)
    {
        var start = tokens.Current;
        var target = ParseItems(() => ParsePrimary(allowsNamespace, isTarget: true), false, end);
        Assignment.Check(target, start, tokens);
        return target;
    }

    public Name ParseNameTarget()
    {
        var token = tokens.ExpectName();
        var name = new Name(token.Text, token.At);
        Assignment.Check(name, token, tokens);
        return name;
    }

    /// <summary>A filter without what it is a filter of, which is the captured text.</summary>
    public Expression ParseFilters(bool startsInline) =>
        _postfix.ParseFilters(this, new Name(Scope.Captured, tokens.Current.At), startsInline);

    internal Expression ParsePrimary(bool allowsNamespace = false, bool isTarget = false)
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Next();
                return ParseName(token, allowsNamespace, isTarget);
            case TokenKind.String:
                var text = new StringBuilder();
                while (tokens.Current.Kind == TokenKind.String) text.Append(tokens.Next().Text);
                return new Const(Value.Of(text.ToString()), token.At);
            case TokenKind.Integer or TokenKind.Float:
                return new Const(tokens.Next().Number!, token.At);
            case TokenKind.Operator when token.Text is "(" or "[" or "{":
                nesting.Enter();
                tokens.Next();
                var inBrackets = token.Text switch { "(" => ParseBrackets(), "[" => ParseList(token.At), _ => ParseDict(token.At) };
                nesting.Leave();
                return inBrackets;
            case TokenKind.End:
                throw tokens.Wrong("unexpected end of template");
            default:
                throw tokens.Wrong($"unexpected '{token.Described}'");
        }
    }

    private Expression ParseName(Token token, bool allowsNamespace, bool isTarget)
    {
        if (Constant(token.Text) is { } constant) return new Const(constant, token.At);
        if (allowsNamespace && tokens.SkipOperator(".")) return new NamespaceReference(token.Text, tokens.ExpectName().Text, token.At);
        if (!isTarget) OnName(token.Text);
        return new Name(token.Text, token.At);
    }

    /// <summary>What a name that cannot be assigned to stands for; null for others.</summary>
    public static Value? Constant(string name) => name switch
    {
        "true" or "True" => BooleanValue.True,
        "false" or "False" => BooleanValue.False,
        "none" or "None" => NoneValue.Instance,
        _ => null,
    };

    private Expression ParseItems(Func<Expression> parse, bool isInBrackets, string? end)
    {
        var at = tokens.Current.At;
        var (items, isTuple) = (new List<Expression>(), false);
        while (true)
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            var token = tokens.Current;
            if (token.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || token.IsOperator(")") || end is not null && token.IsName(end)) break;
            items.Add(parse());
            if (!tokens.Current.IsOperator(",")) break;
            isTuple = true;
        }
        if (!isTuple && items is [var only]) return only;
        return isTuple || isInBrackets ? new TupleDisplay(items, at) : throw tokens.Wrong($"Expected an expression, got '{tokens.Current.Described}'");
    }

    private Expression ParseConditional()
    {
        var (mark, expression) = (unknown.Mark, ParseOr());
        while (tokens.Current.IsName("if"))
        {
            var at = tokens.Next().At;
            var test = ParseOr();
            var otherwise = tokens.SkipName("else") ? Parse() : null;
            expression = new Conditional(test, expression, otherwise, at);
            unknown.Excuse(mark);
        }
        return expression;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.Current.IsName("or"))
            left = new Logical(false, left, Behind(ParseAnd, out var at), at);
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.Current.IsName("and"))
            left = new Logical(true, left, Behind(ParseNot, out var at), at);
        return left;
    }

    private Expression ParseNot()
    {
        if (!tokens.Current.IsName("not")) return ParseCompare();
        nesting.Enter();
        var negated = new Not(Behind(ParseNot, out var at), at);
        nesting.Leave();
        return negated;
    }

    private Expression ParseCompare()
    {
        var (at, first) = (tokens.Current.At, ParseSum());
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Operator && Comparisons.Contains(tokens.Current.Text)) rest.Add((tokens.Next().Text, ParseSum()));
            else if (tokens.SkipName("in")) rest.Add(("in", ParseSum()));
            else if (tokens.Current.IsName("not") && tokens.Ahead.IsName("in"))
            {
                tokens.Next();
                rest.Add(("not in", Behind(ParseSum, out _)));
            }
            else return rest.Count > 0 ? new Compare(first, rest, at) : first;
        }
    }

    private Expression ParseSum() => ParseBinary(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        var (at, parts) = (tokens.Current.At, new List<Expression> { ParseProduct() });
        while (tokens.SkipOperator("~"))
            parts.Add(ParseProduct());
        return parts is [var only] ? only : new Concat(parts, at);
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseBinary(() => ParseUnary(), "**");

    private Expression ParseUnary(bool takesFilters = true)
    {
        Expression operand;
        if (tokens.Current.IsOperator("-") || tokens.Current.IsOperator("+"))
        {
            nesting.Enter();
            operand = new Sign(tokens.Current.Text, Behind(() => ParseUnary(takesFilters: false), out var at), at);
            nesting.Leave();
        }
        else operand = _postfix.ParseItemsAndCalls(this, ParsePrimary());
        return takesFilters ? _postfix.ParseFiltersAndTests(this, operand) : operand;
    }

    private Expression ParseBinary(Func<Expression> operand, params ReadOnlySpan<string> signs)
    {
        var left = operand();
        while (tokens.Current.Kind == TokenKind.Operator && signs.Contains(tokens.Current.Text))
        {
            var sign = tokens.Current.Text;
            left = new Binary(sign, left, Behind(operand, out var at), at);
        }
        return left;
    }

    /// <summary>What stands behind the current token, and where that is.</summary>
    private Expression Behind(Func<Expression> parse, out Position at)
    {
        at = tokens.Next().At;
        return parse();
    }

    private Expression ParseBrackets()
    {
        var inside = ParseTuple(isInBrackets: true);
        tokens.ExpectOperator(")");
        return inside;
    }

    private ListDisplay ParseList(Position at)
    {
        var items = new List<Expression>();
        while (!tokens.SkipOperator("]"))
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (tokens.SkipOperator("]")) break;
            items.Add(Parse());
        }
        return new ListDisplay(items, at);
    }

    private DictDisplay ParseDict(Position at)
    {
        var entries = new List<(Expression, Expression)>();
        while (!tokens.SkipOperator("}"))
        {
            if (entries.Count > 0) tokens.ExpectOperator(",");
            if (tokens.SkipOperator("}")) break;
            var key = Parse();
            tokens.ExpectOperator(":");
            entries.Add((key, Parse()));
        }
        return new DictDisplay(entries, at);
    }
}
