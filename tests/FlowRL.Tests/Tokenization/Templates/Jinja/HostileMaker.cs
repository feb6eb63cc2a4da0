using System.Text.Json.Nodes;

namespace FlowRL.Tests.Tokenization.Templates.Jinja;

/// <summary>Makes templates that nobody would write, whole ones and damaged ones, and conversations that look like turns and tags.</summary>
internal sealed class HostileMaker(Random random)
{
    /// <summary>Whether its operations fit their values only by chance; else they are operations of texts, which mostly go through.</summary>
    private readonly bool _isWild = random.Next(3) == 0;

    /// <summary>What only messages say: no template that is made here has one of these signs.</summary>
    public const string Signs = "龍虎鳳龜";

    private static readonly string[] Markers =
        ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "</s>", "<think>", "{{ 1 }}", "{% for %}", "{# #}", "<|im", "_end|>", "\n", " ", "\r", "😀", "%s", "{0}", "\u0301"];

    private static readonly string[] Names = ["messages", "m", "content", "ns", "tools", "nope", "loop", "s", "f", "x"];
    private static readonly string[] Attributes = ["content", "role", "x", "items", "split", "index", "0", "upper", "__class__", "append", "last", "length", "y"];
    private static readonly string[] Signs2 = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "<", "in", "and", "or", "not in"];

    private static readonly string[] Filters =
    [
        "upper", "lower", "title", "capitalize", "trim", "length", "string", "safe", "e", "list", "first", "last", "reverse", "join", "join('-')", "items",
        "sort", "unique", "sum", "min", "max", "tojson", "tojson(indent=2)", "int", "float", "abs", "round(2)", "indent", "indent(3, true)", "center(9)",
        "replace('a', 'bb')", "replace('', content)", "default('d')", "map('upper')", "map(attribute='content')", "select('string')", "selectattr('role')",
        "rejectattr('role', 'equalto', 'user')", "batch(2)", "slice(2)", "groupby('role')", "dictsort", "wordcount", "format(1, 2)", "nope", "attr('x')",
    ];

    private static readonly string[] Methods =
    [
        "split()", "split('<')", "split('', 1)", "rsplit(none, 1)", "strip()", "strip('<')", "lstrip('\\n')", "rstrip()", "upper()", "title()",
        "swapcase()", "replace('|', '')",
        "replace('i', '||', 2)", "join(['a', content])", "startswith('<')", "find('|')", "count('|')", "splitlines()", "partition('|')",
        "rpartition('>')", "zfill(20)",
        "center(30, '|')", "expandtabs()", "format(content, x=1)", "removeprefix('<')", "items()", "keys()|list", "values()|list", "get('content')",
        "isalpha()", "index('<')",
    ];

    private static readonly string[] TextFilters =
    [
        "upper", "lower", "title", "capitalize", "trim", "string", "safe", "e", "reverse", "list|join", "list|sort|join('-')", "list|unique|join",
        "tojson", "tojson(true)|replace('u', '')",
        "indent", "indent(3, true)", "center(9)", "replace('|', '||')", "replace('', content|string)", "default('d')", "list|map('upper')|join",
        "first|default", "list|batch(2)|map('join')|join",
        "list|groupby(0)|map('last')|map('join')|join", "list|select('string')|join", "string|format|default", "list|slice(2)|map('join', '<')|join",
    ];

    private static readonly string[] TextMethods =
    [
        "split()|join('<|')", "split('<')|join", "split('|', 1)|last", "rsplit(none, 1)|first|default", "strip()", "strip('<')", "lstrip('\\n')",
        "rstrip()", "upper()", "title()", "swapcase()",
        "capitalize()", "replace('|', '')", "replace('i', '||', 2)", "join(['a', content|string])", "splitlines()|join('|')", "partition('|')|join",
        "rpartition('>')|last", "zfill(20)",
        "center(30, '|')", "ljust(9)", "expandtabs()", "removeprefix('<')", "removesuffix('>')",
    ];

    public string Template()
    {
        var template = $"{{% set ns = namespace(x='a', y=[]) %}}{{% set m = messages[0] %}}{{% set content = m.content %}}{{% set s = '<' %}}{{% macro f(x, y=2) %}}{Body(2)}{{% endmacro %}}" +
            $"{{% for m in messages %}}<|im_start|>{{{{ m.role }}}}\n{{% set content = m.content %}}{Body(3)}<|im_end|>\n{{% endfor %}}{Body(2)}";
        return random.Next(4) == 0 ? Damaged(template) : template;
    }

    public JsonArray Messages() => new([.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => (JsonNode)new JsonObject
    {
        ["role"] = Any("user", "assistant", "system", "tool"),
        ["content"] = random.Next(8) == 0 ? new JsonArray(new JsonObject { ["type"] = "text", ["text"] = Words() }) : JsonValue.Create(Words()),
        [Any("x", "name", "tool_calls")] = Any<JsonNode?>(JsonValue.Create(random.Next()), JsonValue.Create(Words()), null, new JsonObject { [Words()] = Words() }),
    })]);

    private string Words() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(2) == 0 ? Any(Markers) : Signs[random.Next(Signs.Length)].ToString()));

    private string Body(int depth) => string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Statement(depth)));

    private string Statement(int depth) => depth == 0 ? $"{{{{ {Expression(2)} }}}}" : random.Next(12) switch
    {
        0 => $"{{% if {Expression(2)} %}}{Body(depth - 1)}{{% else %}}{Body(depth - 1)}{{% endif %}}",
        1 => $"{{% for x in {Expression(2)} %}}{Body(depth - 1)}{Any("", "{% break %}", "{% continue %}")}{{% endfor %}}",
        2 => $"{{% set {Any("content", "x", "s", "ns.x", "ns.y")} = {Expression(3)} %}}",
        3 => $"{{% set s %}}{Body(depth - 1)}{{% endset %}}",
        4 => $"{{% generation %}}{Body(depth - 1)}{{% endgeneration %}}",
        5 => $"{{% filter {Any(_isWild ? Filters : TextFilters)} %}}{Body(depth - 1)}{{% endfilter %}}",
        6 when _isWild => $"{{% call f({Expression(1)}) %}}{Body(depth - 1)}{{% endcall %}}",
        7 when _isWild => $"{{{{ f({Expression(1)}) }}}}",
        8 => Any("text ", "\n", "  {# c #}\n", "<|im_end|>", "{% raw %}{{ }}{% endraw %}", "{{- '\\n' -}}"),
        _ => $"{{{{ {Expression(3)} }}}}",
    };

    /// <summary>An expression that is a text.</summary>
    private string Text(int depth) => depth == 0 ? Any("content|string", "(content|string)", "m.content|string", "messages[-1].role", "'<|im_'", "'end|>'", "s", "(m|string)", "(messages|tojson)")
        : random.Next(11) switch
        {
            0 => $"({Text(depth - 1)} ~ {Text(depth - 1)})",
            1 => $"(({Text(depth - 1)}) + ({Text(depth - 1)}))",
            2 => $"({Text(depth - 1)})[{Any("1:", ":2", "::-1", "1:-1", "::2", ":-1")}]",
            3 or 4 => $"(({Text(depth - 1)})|{Any(TextFilters)})",
            5 or 6 => $"({Text(depth - 1)}).{Any(TextMethods)}",
            7 => $"('%s|%9s|%.3s' % ({Text(depth - 1)}, {Text(depth - 1)}, {Text(0)}))",
            8 => $"'{{}}<{{x:>9}}'.format({Text(depth - 1)}, x={Text(0)})",
            9 => $"([{Text(depth - 1)}, {Text(0)}]|{Any("join('|')", "string", "tojson", "sort|join", "reverse|join", "max", "tojson(indent=1)")})",
            _ => $"({Text(depth - 1)} if {Text(0)} else {Text(0)})",
        };

    private string Expression(int depth) => !_isWild ? Text(depth) : depth == 0 ? Leaf() : random.Next(12) switch
    {
        0 => $"({Expression(depth - 1)} {Any(Signs2)} {Expression(depth - 1)})",
        1 => $"({Expression(depth - 1)})[{Any("0", "-1", "1:", ":2", "::-1", "1:-1", "'content'", "::2")}]",
        2 => $"({Expression(depth - 1)}).{Any(Attributes)}",
        3 => $"({Expression(depth - 1)} if {Expression(depth - 1)} else {Leaf()})",
        4 => $"({Expression(depth - 1)} is {Any("defined", "string", "mapping", "none", "iterable", "sequence", "odd")})",
        5 => $"[{Expression(depth - 1)}, {Leaf()}]",
        6 => $"{{'k': {Expression(depth - 1)}, {Leaf()}: 1}}",
        7 or 8 => $"({Expression(depth - 1)})|{Any(Filters)}",
        9 => $"({Expression(depth - 1)}).{Any(Methods)}",
        10 => $"('%s|%5s' % ({Expression(depth - 1)}, {Leaf()}))",
        _ => Leaf(),
    };

    private string Leaf() => random.Next(5) switch
    {
        0 => Any("1", "-3", "2.5", "10 ** 30", "none", "true", "range(5)", "range(99999)"),
        1 => Any("'a'", "'<|im_start|>'", "'<|im_'", "'end|>'", "' '", "''", "'|'"),
        2 => Any(Names),
        _ => Any("content", "m.content", "messages[0].content", "m"),
    };

    private string Damaged(string template)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(template.Length);
            template = random.Next(3) switch
            {
                0 => template.Remove(at, Math.Min(random.Next(1, 6), template.Length - at)),
                1 => template.Insert(at, Any("{{", "}}", "{%", "%}", "'", "(", "]", "|", ".", "\\", "{% endif %}", "-", "\0")),
                _ => template[..at] + template[random.Next(at, template.Length)..],
            };
            if (template.Length == 0) return "{";
        }
        return template;
    }

    private T Any<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
