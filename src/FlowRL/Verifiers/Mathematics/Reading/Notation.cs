using System.Collections.Frozen;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>What LaTeX commands, Unicode signs and plain words stand for.</summary>
internal static class Notation
{
    private static AnswerToken Sign(string text) => new(TokenKind.Sign, text);

    private static AnswerToken Name(string text) => new(TokenKind.Name, text);

    private static AnswerToken Function(string text) => new(TokenKind.Function, text);

    private static readonly string[] Greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho", "varrho", "sigma",
        "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi",
        "Psi", "Omega",
    ];

    /// <summary>Greek letters as they are typed, under the names of their commands.</summary>
    public static readonly FrozenDictionary<char, string> GreekLetters = "αβγδεζηικλμνξρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ".Zip([
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi",
        "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"])
        .Append(('θ', "θ")).Append(('ϕ', "phi")).ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>Commands that are one token.</summary>
    public static readonly FrozenDictionary<string, AnswerToken> Commands = Build();

    /// <summary>Commands without meaning for an answer: spacing, size, style.</summary>
    public static readonly FrozenSet<string> Ignored = new[]
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "middle", "displaystyle",
        "textstyle", "scriptstyle", "limits", "nolimits", "quad", "qquad", "thinspace", "enspace", "mathit", "mathsf", "mathcal", "mathscr", "mathfrak",
        "boldsymbol", "bm", "bf", "it", "rm", "cal", "hfill", "mathrel", "mathbin", "mathop", "mathord", "mathpunct", "boxed", "fbox", "bold", "pmb", "vec",
        "tilde", "underline", "mathopen", "mathclose", "nonumber", "notag", "hline", "overleftarrow", "ensuremath",
        "centering", "par", "noindent", "newline", "linebreak", "therefore", "because", "phantom", "strut", "null", "textcolor", "color", "small", "large",
        "Large", "normalsize", "overarc",
    }.ToFrozenSet();

    /// <summary>Commands whose next argument is no part of the answer: \hspace{1em}, \color{red}.</summary>
    public static readonly FrozenSet<string> WithDroppedArgument =
        new[] { "hspace", "vspace", "phantom", "hphantom", "vphantom", "label", "tag", "color", "textcolor", "colorbox", "kern", "mspace" }.ToFrozenSet();

    /// <summary>Commands whose braces hold words.</summary>
    public static readonly FrozenSet<string> Texts = new[]
    {
        "text", "textbf", "textit", "textrm", "textnormal", "texttt", "mathrm", "operatorname", "mbox", "hbox", "textsf", "textup", "mathbf", "mathbb", "Bbb",
    }.ToFrozenSet();

    /// <summary>Environments that are read besides matrices: systems, cases and alignments.</summary>
    public static readonly FrozenSet<string> Environments =
        new[] { "array", "cases", "dcases", "rcases", "aligned", "align", "gathered", "split" }.ToFrozenSet();

    /// <summary>Letters that stand for sets of numbers when they are doubled or bold.</summary>
    public static readonly FrozenDictionary<string, string> Sets = new Dictionary<string, string>
    {
        ["R"] = "ℝ",
        ["Z"] = "ℤ",
        ["N"] = "ℕ",
        ["Q"] = "ℚ",
        ["C"] = "ℂ",
    }.ToFrozenDictionary();

    public static bool IsSet(AnswerToken token) => token is { Kind: TokenKind.Name, Text: "ℝ" or "ℤ" or "ℕ" or "ℚ" or "ℂ" };

    /// <summary>Plain words that are mathematics.</summary>
    public static readonly FrozenDictionary<string, AnswerToken> PlainWords = new Dictionary<string, AnswerToken>
    {
        ["pi"] = Name(Expression.Pi),
        ["inf"] = Name(Expression.Infinity),
        ["infinity"] = Name(Expression.Infinity),
        ["infty"] = Name(Expression.Infinity),
        ["oo"] = Name(Expression.Infinity),
        ["sqrt"] = Function("sqrt"),
        ["cbrt"] = Function("cbrt"),
        ["binomial"] = Function("choose"),
        ["floor"] = Function("floor"),
        ["ceil"] = Function("ceil"),
        ["ceiling"] = Function("ceil"),
        ["theta"] = Name("θ"),
        ["alpha"] = Name("alpha"),
        ["beta"] = Name("beta"),
        ["lambda"] = Name("lambda"),
        ["U"] = Sign("∪"),
        ["percent"] = Sign("%"),
        ["deg"] = Sign("°"),
        ["degree"] = Sign("°"),
        ["degrees"] = Sign("°"),
    }.Concat(Functions.Names.Select(name => KeyValuePair.Create(name, Function(name))))
        .Concat(FunctionNames().Select(pair => KeyValuePair.Create(pair.Key, Function(pair.Value)))).ToFrozenDictionary();

    /// <summary>Signs beyond ASCII; what is not here stays as it is.</summary>
    public static readonly FrozenDictionary<char, AnswerToken> Characters = new Dictionary<char, AnswerToken>
    {
        ['−'] = Sign("-"),
        ['–'] = Sign("-"),
        ['—'] = Sign("-"),
        ['‑'] = Sign("-"),
        ['×'] = Sign("*"),
        ['·'] = Sign("*"),
        ['⋅'] = Sign("*"),
        ['∗'] = Sign("*"),
        ['•'] = Sign("*"),
        ['∙'] = Sign("*"),
        ['÷'] = Sign("/"),
        ['⁄'] = Sign("/"),
        ['∕'] = Sign("/"),
        ['±'] = Sign("±"),
        ['∓'] = Sign("∓"),
        ['≤'] = Sign("≤"),
        ['≦'] = Sign("≤"),
        ['⩽'] = Sign("≤"),
        ['≥'] = Sign("≥"),
        ['≧'] = Sign("≥"),
        ['⩾'] = Sign("≥"),
        ['≠'] = Sign("≠"),
        ['≈'] = Sign("≈"),
        ['≡'] = Sign("≡"),
        ['∪'] = Sign("∪"),
        ['∩'] = Sign("∩"),
        ['∖'] = Sign("∖"),
        ['∈'] = Sign("∈"),
        ['∉'] = Sign("∉"),
        ['∣'] = Sign("|"),
        ['°'] = Sign("°"),
        ['º'] = Sign("°"),
        ['∘'] = Sign("°"),
        ['∶'] = Sign(":"),
        ['⇒'] = Sign("⇒"),
        ['→'] = Sign("→"),
        ['π'] = Name(Expression.Pi),
        ['∞'] = Name(Expression.Infinity),
        ['√'] = Function("sqrt"),
        ['∛'] = Function("cbrt"),
        ['∅'] = new(TokenKind.Words, "empty set"),
        ['⌀'] = new(TokenKind.Words, "empty set"),
        ['′'] = Sign("'"),
        ['″'] = Sign("''"),
        ['⌊'] = new(TokenKind.Open, "⌊"),
        ['⌋'] = new(TokenKind.Close, "⌋"),
        ['⌈'] = new(TokenKind.Open, "⌈"),
        ['⌉'] = new(TokenKind.Close, "⌉"),
        ['⟨'] = new(TokenKind.Open, "("),
        ['⟩'] = new(TokenKind.Close, ")"),
        ['€'] = new(TokenKind.Words, "euro"),
        ['£'] = new(TokenKind.Words, "pound"),
        ['¥'] = new(TokenKind.Words, "yuan"),
        ['₹'] = new(TokenKind.Words, "rupee"),
    }.ToFrozenDictionary();

    /// <summary>What functions are called elsewhere: tg in Russian texts, asin in programs.</summary>
    private static Dictionary<string, string> FunctionNames() => new()
    {
        ["tg"] = "tan",
        ["ctg"] = "cot",
        ["cotg"] = "cot",
        ["cosec"] = "csc",
        ["asin"] = "arcsin",
        ["acos"] = "arccos",
        ["atan"] = "arctan",
        ["acot"] = "arccot",
        ["arctg"] = "arctan",
        ["arcctg"] = "arccot",
        ["sh"] = "sinh",
        ["sign"] = "sgn",
        ["Abs"] = "abs",
        ["Max"] = "max",
        ["Min"] = "min",
        ["LCM"] = "lcm",
        ["GCD"] = "gcd",
        ["hcf"] = "gcd",
    };

    private static FrozenDictionary<string, AnswerToken> Build()
    {
        var commands = new Dictionary<string, AnswerToken>
        {
            ["cbrt"] = Function("cbrt"),
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
            ["lparen"] = new(TokenKind.Open, "("),
            ["rparen"] = new(TokenKind.Close, ")"),
            ["lvert"] = new(TokenKind.Open, "|"),
            ["rvert"] = new(TokenKind.Close, "|"),
            ["emptyset"] = new(TokenKind.Words, "empty set"),
            ["varnothing"] = new(TokenKind.Words, "empty set"),
            ["land"] = new(TokenKind.Words, "and"),
            ["wedge"] = new(TokenKind.Words, "and"),
            ["lor"] = new(TokenKind.Words, "or"),
            ["vee"] = new(TokenKind.Words, "or"),
            ["pounds"] = new(TokenKind.Words, "pound"),
            ["euro"] = new(TokenKind.Words, "euro"),
            ["R"] = Name("ℝ"),
            ["Z"] = Name("ℤ"),
            ["N"] = Name("ℕ"),
            ["Q"] = Name("ℚ"),
            ["C"] = Name("ℂ"),
            ["ell"] = Name("l"),
            ["hbar"] = Name("hbar"),
            ["imath"] = Name(Expression.Imaginary),
            ["jmath"] = Name("j"),
        };
        void Add(string sign, params ReadOnlySpan<string> names)
        {
            foreach (var name in names) commands[name] = Sign(sign);
        }
        Add("*", "cdot", "times", "ast", "bullet", "centerdot");
        Add("/", "div");
        Add("±", "pm");
        Add("∓", "mp");
        Add("≤", "le", "leq", "leqslant", "leqq");
        Add("≥", "ge", "geq", "geqslant", "geqq");
        Add("<", "lt");
        Add(">", "gt");
        Add("≠", "ne", "neq");
        Add("≈", "approx", "simeq", "approxeq", "thickapprox");
        Add("≡", "equiv");
        Add("∪", "cup", "bigcup");
        Add("∩", "cap", "bigcap");
        Add("∖", "setminus", "backslash", "smallsetminus");
        Add("∈", "in", "isin");
        Add("∉", "notin");
        Add("°", "circ", "degree", "textdegree");
        Add("'", "prime");
        Add(":", "colon");
        Add("|", "mid", "vert", "divides");
        Add("mod", "bmod", "mod");
        Add("pmod", "pmod");
        Add("choose", "choose");
        Add("over", "over");
        Add("...", "ldots", "cdots", "dotsc", "dotsb", "dots");
        Add("⇒", "Rightarrow", "implies", "Longrightarrow");
        Add("→", "to", "rightarrow");
        Add("%", "percent");
        foreach (var name in new[] { "frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac" }) commands[name] = Function("frac");
        foreach (var name in new[] { "binom", "dbinom", "tbinom" }) commands[name] = Function("binom");
        commands["sqrt"] = Function("sqrt");
        foreach (var name in Functions.Names) commands[name] = Function(name);
        foreach (var (name, function) in FunctionNames()) commands[name] = Function(function);
        foreach (var name in Greek) commands[name] = Name(name.StartsWith("var", StringComparison.Ordinal) ? name[3..] : name);
        commands["theta"] = commands["vartheta"] = Name("θ");
        return commands.ToFrozenDictionary();
    }
}
