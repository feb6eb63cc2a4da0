using System.Text.Json.Nodes;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tests.Tokenization.Templates.Jinja;

/// <summary>Templates that would take forever, or all memory, end in an error that says where.</summary>
public sealed class LimitTests
{
    private static readonly JinjaLimits Small = new() { Steps = 200_000, Size = 100_000 };

    [Theory]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "takes more than 200000 steps")]
    [InlineData("{{ 'x' * 10 ** 9 }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ [1] * 10 ** 20 }}", "makes a text or a list of 2147483647 items, and 100000 is the most")]
    [InlineData("{{ 9 ** (9 ** 9) }}", "makes an integer of more than 14284 bits")]
    [InlineData("{% set ns = namespace(n=3) %}{% for i in range(99) %}{% set ns.n = ns.n * ns.n %}{% endfor %}", "makes an integer of more than 14284 bits")]
    [InlineData("{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "makes a text or a list of 131072 items, and 100000 is the most")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
        "makes a text or a list of 100001 items, and 100000 is the most")]
    [InlineData("{% set ns = namespace(x=1, y=1) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "takes more than 200000 steps")]
    [InlineData("{% set ns = namespace(x=1, y=1) %}{% for i in range(60) %}{% set ns.x = (ns.x, ns.x) %}{% set ns.y = (ns.y, ns.y) %}{% endfor %}{{ {ns.x: 1}[ns.y] }}",
        "takes more than 200000 steps")]
    [InlineData("{{ 'a'.center(10 ** 9) }}", "makes a text or a list of 499999999 items, and 100000 is the most")]
    [InlineData("{{ '7'.zfill(10 ** 9) }}", "makes a text or a list of 999999999 items, and 100000 is the most")]
    [InlineData("{{ '%1000000000d' % 1 }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ '{:1000000000}'.format(1) }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ 'a'|indent(10 ** 9, true) }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ [1]|tojson(indent=10 ** 9) }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ [1]|batch(10 ** 9, 2)|list }}", "makes a text or a list of 1000000000 items, and 100000 is the most")]
    [InlineData("{{ [1]|slice(10 ** 9)|list }}", "takes more than 200000 steps")]
    [InlineData("{{ ('a' * 90000).replace('', 'b' * 90000) }}", "takes more than 200000 steps")]
    [InlineData("{% set ns = namespace() %}{% set s = 'a' * 90000 %}{% for i in range(9999) %}{% set ns.x = s == 'a' * 90000 %}{% endfor %}", "takes more than 200000 steps")]
    [InlineData("{{ ('a' * 45000 ~ 'b') in 'a' * 90000 }}", "takes more than 200000 steps")]
    public void What_grows_without_bound_ends(string template, string words)
    {
        var error = Assert.Throws<JinjaException>(() => ReferenceTemplates.Render(template, [], Small));
        Assert.Equal((JinjaErrorKind.Limit, $"the template {words}"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData("{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}")]
    [InlineData("{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}")]
    [InlineData("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}")]
    [InlineData("{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace(x=()) %}{% for i in range(99999) %}{% set ns.x = (ns.x,) %}{% endfor %}{{ {ns.x: 1} }}")]
    [InlineData("{% set ns = namespace(x=[], y=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}")]
    public void What_is_nested_too_deeply_ends(string template)
    {
        var error = Assert.Throws<JinjaException>(() => ReferenceTemplates.Render(template, []));
        Assert.Equal((JinjaErrorKind.Recursion, "maximum recursion depth exceeded"), (error.Kind, error.Message));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{1:", "}")]
    [InlineData("not ", "")]
    [InlineData("- ", "")]
    [InlineData("x if x else ", "")]
    [InlineData("f(", ")")]
    public void Brackets_and_signs_within_each_other_end_in_the_source(string open, string close)
    {
        var source = $"{{{{ {string.Concat(Enumerable.Repeat(open, 100_000))}1{string.Concat(Enumerable.Repeat(close, 100_000))} }}}}";
        Assert.Equal(JinjaErrorKind.Recursion, Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(source)).Kind);
    }

    [Fact]
    public void Blocks_within_each_other_end_in_the_source() => Assert.Equal(JinjaErrorKind.Recursion,
        Assert.Throws<JinjaException>(() => JinjaTemplate.Parse(string.Concat(Enumerable.Repeat("{% if x %}", 100_000)))).Kind);

    [Fact]
    public void Long_chains_of_operators_are_no_recursion_of_the_source()
    {
        // Each operand is one level down when it is computed, and is told so.
        var error = Assert.Throws<JinjaException>(() => ReferenceTemplates.Render($"{{{{ {string.Concat(Enumerable.Repeat("1+", 1_000_000))}1 }}}}", []));
        Assert.Equal(JinjaErrorKind.Recursion, error.Kind);
    }

    [Fact]
    public void A_rendering_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => ReferenceTemplates.Render(
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", new JsonObject(), cancellation: cancelled.Token));
    }

    [Fact]
    public void Errors_know_line_and_column()
    {
        Assert.Equal(new Position(2, 8), Assert.Throws<JinjaException>(() => ReferenceTemplates.Render("one\n{{ 'é' + 1 }}", [])).At);
        Assert.Equal(new Position(3, 4), Assert.Throws<JinjaException>(() => JinjaTemplate.Parse("\n\n{{ 'open }}")).At);
        Assert.Equal(new Position(1, 21), Assert.Throws<JinjaException>(() => ReferenceTemplates.Render("{% macro m() %}{{ x.y.z }}{% endmacro %}{{ m() }}", [])).At);
    }
}
