using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// What of a rendered conversation the assistant writes: what the template marks by <c>{% generation %}</c>; without that, what the
/// assistant's messages wrote, with what the template put between the parts of one message.
/// </summary>
internal static class AssistantSpans
{
    /// <param name="rendered">The conversation.</param>
    /// <param name="request">From which it was rendered.</param>
    /// <returns>Spans in UTF-16 units, and whether the template's end of each turn belongs to it too.</returns>
    public static (IReadOnlyList<(int Start, int End)> Spans, bool TakeEnds) Of(RenderedText rendered, ChatRequest request)
    {
        if (rendered.Generated.Count > 0) return (rendered.Generated, false);
        var spans = new List<(int Message, int Start, int End)>();
        foreach (var (start, end, origin) in rendered.Text.Runs)
        {
            if (origin is null) continue;
            var message = MessageOf(origin.Path, request);
            // Two parts with nothing but the template's own signs between them are one answer.
            if (message is { } same && spans.Count > 0 && spans[^1].Message == same) spans[^1] = (same, spans[^1].Start, end);
            else spans.Add((message ?? -1, start, end));
        }
        return ([.. spans.Where(span => span.Message >= 0).Select(span => (span.Start, span.End))], true);
    }

    /// <summary>The place of the assistant's message that an origin lies in; null for others, and for the name of its role.</summary>
    private static int? MessageOf(string path, ChatRequest request) =>
        path.Split('/') is ["messages", var place, var field, ..] && field is not ("role" or "#key")
            && int.TryParse(place, out var i) && (string?)request.Messages[i]?["role"] == "assistant" ? i : null;
}
