using System.Collections.Frozen;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>What LaTeX commands, Unicode signs and plain words stand for.</summary>
internal static class Notation
{
    private static AnswerToken Sign(string text) => new(TokenKind.Sign, text);

    private static AnswerToken Name(string text) => new(TokenKind.Name, text);

    private static AnswerToken Function(string text) => new(TokenKind.Function, text);

    /// <summary>Commands that are one token.</summary>
    public static readonly FrozenDictionary<string, AnswerToken> Commands = Build();

    /// <summary>Commands without meaning for an answer: spacing, size, style.</summary>
    public static readonly FrozenSet<string> Ignored = new[]
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "middle", "displaystyle", "textstyle",
        "limits", "quad", "qquad", "thinspace", "hspace", "mathbf", "mathit", "mathsf", "mathcal", "mathbb", "boldsymbol", "bf", "it", "rm", "hfill",
        "boxed", "fbox", "bold", "pmb", "vec", "hat", "tilde", "underline", "mathopen", "mathclose", "nonumber", "hline",
    }.ToFrozenSet();

    /// <summary>Commands whose braces hold words.</summary>
    public static readonly FrozenSet<string> Texts =
        new[] { "text", "textbf", "textit", "textrm", "textnormal", "texttt", "mathrm", "operatorname", "mbox", "hbox", "textsf" }.ToFrozenSet();

    /// <summary>Plain words that are mathematics.</summary>
    public static readonly FrozenDictionary<string, AnswerToken> PlainWords = new Dictionary<string, AnswerToken>
    {
        ["pi"] = Name(Expression.Pi),
        ["inf"] = Name(Expression.Infinity),
        ["infinity"] = Name(Expression.Infinity),
        ["oo"] = Name(Expression.Infinity),
        ["sqrt"] = Function("sqrt"),
        ["theta"] = Name("θ"),
        ["U"] = Sign("∪"),
        ["percent"] = Sign("%"),
        ["deg"] = Sign("°"),
        ["degree"] = Sign("°"),
        ["degrees"] = Sign("°"),
    }.Concat(Functions.Names.Select(name => KeyValuePair.Create(name, Function(name)))).ToFrozenDictionary();

    /// <summary>Signs beyond ASCII; what is not here stays as it is.</summary>
    public static readonly FrozenDictionary<char, AnswerToken> Characters = new Dictionary<char, AnswerToken>
    {
        ['−'] = Sign("-"),
        ['–'] = Sign("-"),
        ['—'] = Sign("-"),
        ['×'] = Sign("*"),
        ['·'] = Sign("*"),
        ['⋅'] = Sign("*"),
        ['∗'] = Sign("*"),
        ['÷'] = Sign("/"),
        ['⁄'] = Sign("/"),
        ['±'] = Sign("±"),
        ['∓'] = Sign("∓"),
        ['≤'] = Sign("≤"),
        ['≥'] = Sign("≥"),
        ['≠'] = Sign("≠"),
        ['≈'] = Sign("="),
        ['∪'] = Sign("∪"),
        ['∩'] = Sign("∩"),
        ['∈'] = Sign("∈"),
        ['°'] = Sign("°"),
        ['％'] = Sign("%"),
        ['π'] = Name(Expression.Pi),
        ['∞'] = Name(Expression.Infinity),
        ['√'] = Function("sqrt"),
        ['∅'] = new(TokenKind.Words, "empty set"),
        ['′'] = Sign("'"),
    }.ToFrozenDictionary();

    /// <summary>Units that follow a number without being words of four letters or more.</summary>
    public static readonly FrozenSet<string> ShortUnits = new[]
    {
        "cm", "mm", "km", "dm", "nm", "ft", "in", "yd", "mi", "mph", "kph", "kg", "mg", "lb", "lbs", "oz", "hr", "hrs", "min", "mins", "sec", "secs", "ms",
        "ml", "mL", "gm", "gal", "qt", "pt", "mpg", "rpm", "bps", "cc", "sq", "cu", "km/h", "m/s", "rad", "day", "sqm", "pm", "am", "men", "per",
    }.ToFrozenSet();

    private static FrozenDictionary<string, AnswerToken> Build()
    {
        var commands = new Dictionary<string, AnswerToken>
        {
            ["frac"] = Function("frac"),
            ["dfrac"] = Function("frac"),
            ["tfrac"] = Function("frac"),
            ["cfrac"] = Function("frac"),
            ["sfrac"] = Function("frac"),
            ["sqrt"] = Function("sqrt"),
            ["binom"] = Function("binom"),
            ["dbinom"] = Function("binom"),
            ["tbinom"] = Function("binom"),
            ["cdot"] = Sign("*"),
            ["times"] = Sign("*"),
            ["ast"] = Sign("*"),
            ["div"] = Sign("/"),
            ["pm"] = Sign("±"),
            ["mp"] = Sign("∓"),
            ["le"] = Sign("≤"),
            ["leq"] = Sign("≤"),
            ["leqslant"] = Sign("≤"),
            ["ge"] = Sign("≥"),
            ["geq"] = Sign("≥"),
            ["geqslant"] = Sign("≥"),
            ["lt"] = Sign("<"),
            ["gt"] = Sign(">"),
            ["ne"] = Sign("≠"),
            ["neq"] = Sign("≠"),
            ["approx"] = Sign("="),
            ["equiv"] = Sign("="),
            ["cup"] = Sign("∪"),
            ["cap"] = Sign("∩"),
            ["in"] = Sign("∈"),
            ["circ"] = Sign("°"),
            ["degree"] = Sign("°"),
            ["prime"] = Sign("'"),
            ["colon"] = Sign(":"),
            ["mid"] = Sign("|"),
            ["vert"] = Sign("|"),
            ["lvert"] = Sign("|"),
            ["rvert"] = Sign("|"),
            ["infty"] = Name(Expression.Infinity),
            ["pi"] = Name(Expression.Pi),
            ["lfloor"] = new(TokenKind.Open, "⌊"),
            ["rfloor"] = new(TokenKind.Close, "⌋"),
            ["lceil"] = new(TokenKind.Open, "⌈"),
            ["rceil"] = new(TokenKind.Close, "⌉"),
            ["langle"] = new(TokenKind.Open, "("),
            ["rangle"] = new(TokenKind.Close, ")"),
            ["lbrace"] = new(TokenKind.Open, "«"),
            ["rbrace"] = new(TokenKind.Close, "»"),
            ["lbrack"] = new(TokenKind.Open, "["),
            ["rbrack"] = new(TokenKind.Close, "]"),
            ["emptyset"] = new(TokenKind.Words, "empty set"),
            ["varnothing"] = new(TokenKind.Words, "empty set"),
            ["land"] = new(TokenKind.Words, "and"),
            ["lor"] = new(TokenKind.Words, "or"),
        };
        foreach (var name in Functions.Names) commands[name] = Function(name);
        return commands.ToFrozenDictionary();
    }
}
