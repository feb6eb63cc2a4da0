using System.Globalization;
using FlowRL.Tokenization.Templates;
using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tests.Tokenization.Templates.Jinja;

/// <summary>
/// Templates and messages of every kind of malice: each ends in a text or in an error of the template's, soon; and what a message said is
/// known as that and becomes no special token, whatever the template did with it.
/// </summary>
public sealed class HostileTests
{
    private static readonly JinjaLimits Limits = new() { Steps = 100_000, Size = 20_000 };

    [Fact]
    public void No_template_hangs_crashes_or_loses_who_wrote_what() => Try(seed: 1, count: 600);

    /// <summary>The campaign: FLOWRL_FUZZ gives seed and number.</summary>
    [Fact(Explicit = true)]
    public void Campaign()
    {
        var words = (Environment.GetEnvironmentVariable("FLOWRL_FUZZ") ?? "1 10000").Split(' ');
        Try(int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static void Try(int seed, int count)
    {
        var kinds = new Dictionary<string, int>();
        var inText = 0;
        for (var number = 0; number < count; number++)
        {
            var maker = new HostileMaker(new Random(unchecked((seed * 1_000_003) + number)));
            var (template, request) = (maker.Template(), new ChatRequest(maker.Messages()));
            var kind = "text";
            try
            {
                var rendered = JinjaTemplate.Parse(template, Limits).Render(budget => ChatVariables.Of(request, new Dictionary<string, string>(), budget), ReferenceTemplates.Now);
                inText += Check(rendered, $"seed {seed}, number {number}: {template}");
            }
            catch (JinjaException e)
            {
                Assert.NotNull(e.At);
                kind = e.Kind.ToString();
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, number {number}: {template}\n{request.Messages.ToJsonString()}\n{e}");
            }
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
        // Neither all errors nor all of one kind: something was tried.
        Assert.True(kinds["text"] > count / 4 && kinds["Type"] > 0 && kinds["Syntax"] > 0 && kinds["Limit"] > 0 && inText > count,
            string.Join(", ", kinds) + $", {inText} signs");
    }

    private static int Check(RenderedText rendered, string which)
    {
        var text = rendered.Text;
        var signs = 0;
        for (var at = 0; at < text.Plain.Length; at++)
        {
            if (!HostileMaker.Signs.Contains(text.Plain[at], StringComparison.Ordinal)) continue;
            if (text.OriginAt(at) is null) Assert.Fail($"{which}\nlost who wrote {text.Plain[at]} at {at} of {text.Plain}");
            signs++;
        }
        var ids = ChatEncoding.Ids(GoldenTokenizers.Qwen3, text);
        var places = TokenPlaces.Of(GoldenTokenizers.Qwen3, ids, text.Plain);
        for (var i = 0; i < ids.Length; i++)
        {
            if (GoldenTokenizers.Qwen3.IsSpecial(ids[i]) && !text.IsOf(null, places[i].Start, places[i].End)) Assert.Fail($"{which}\na message wrote token {ids[i]} of {text.Plain}");
        }
        return signs;
    }
}
