using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>Methods that bring texts to a width.</summary>
internal static class StringLayout
{
    private static readonly TracedText Space = TracedText.Of(" ");

    public static FunctionTable Table { get; } = new()
    {
        { "center", "width fillchar?", call => call.Like(Center(call.Text, call.Integer(0, 0), Fill(call), call.Budget)) },
        { "ljust", "width fillchar?", call => call.Like(TextOperations.Pad(call.Text, 0, Missing(call), Fill(call), call.Budget)) },
        { "rjust", "width fillchar?", call => call.Like(TextOperations.Pad(call.Text, Missing(call), 0, Fill(call), call.Budget)) },
        { "zfill", "width", FillZeros },
        { "expandtabs", "tabsize?", ExpandTabs },
    };

    public static TracedText Center(TracedText text, int width, TracedText with, Budget budget)
    {
        var missing = Math.Max(0, (long)width - text.Length);
        // Python puts the odd one on the left where the width is odd too.
        var left = missing / 2 + (missing & width & 1);
        return TextOperations.Pad(text, budget.Size(left), budget.Size(missing - left), with, budget);
    }

    private static int Missing(Invocation call) => call.Budget.Size(Math.Max(0, (long)call.Integer(0, 0) - call.Text.Length));

    private static TracedText Fill(Invocation call) => call[1] is null ? Space : call.String(1) is { Length: 1 } sign ? sign
        : throw JinjaException.Type("The fill character must be exactly one character long");

    private static Value FillZeros(Invocation call)
    {
        var (text, missing) = (call.Text, Missing(call));
        var sign = text.Plain is ['+' or '-', ..] ? 1 : 0;
        var zeros = TextOperations.Pad(TracedText.Empty, missing, 0, TracedText.Of("0"), call.Budget);
        return call.Like(new TracedBuilder(call.Budget).Append(text, 0, sign).Append(zeros).Append(text, sign, text.Plain.Length).ToText());
    }

    private static Value ExpandTabs(Invocation call)
    {
        var (size, column, builder) = (call.Integer(0, 8), 0, new TracedBuilder(call.Budget));
        foreach (var character in call.Text.Characters())
        {
            var width = character.Plain == "\t" ? size > 0 ? size - column % size : 0 : 1;
            if (character.Plain == "\t") builder.Append(TextOperations.Pad(TracedText.Empty, width, 0, Space.By(character.AnyOrigin), call.Budget));
            else builder.Append(character);
            column = character.Plain is "\n" or "\r" ? 0 : column + width;
        }
        return call.Like(builder.ToText());
    }
}
