using FlowRL.Tokenization.Templates.Jinja;

namespace FlowRL.Tokenization.Templates;

/// <summary>A stretch of a rendered conversation that the assistant writes.</summary>
/// <param name="Message">The place of its message in the conversation.</param>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The one behind the last.</param>
internal readonly record struct AssistantSpan(int Message, int Start, int End);

/// <summary>
/// What of a rendered conversation the assistant writes: what the template marks by <c>{% generation %}</c>; without that, what the
/// assistant's messages wrote, with what the template put between the parts of one message.
/// </summary>
internal static class AssistantSpans
{
    /// <param name="rendered">The conversation.</param>
    /// <param name="request">From which it was rendered.</param>
    /// <returns>Spans in order, and whether the template's end of each turn belongs to it too.</returns>
    public static (IReadOnlyList<AssistantSpan> Spans, bool TakeEnds) Of(RenderedText rendered, ChatRequest request)
    {
        List<(int Start, int End, string Path)> written = [.. rendered.Text.Runs.Where(run => run.Origin is not null)
            .Select(run => (run.Start, run.End, run.Origin!.Path))];
        if (rendered.Generated.Count > 0)
            return ([.. rendered.Generated.Select(span => new AssistantSpan(Author(span, written, request), span.Start, span.End))], false);
        var spans = new List<AssistantSpan>();
        foreach (var (start, end, path) in written)
        {
            var message = AnswerOf(path, request) ?? -1;
            // Two parts with nothing but the template's own signs between them are one answer.
            if (message >= 0 && spans.Count > 0 && spans[^1].Message == message) spans[^1] = spans[^1] with { End = end };
            else spans.Add(new AssistantSpan(message, start, end));
        }
        return ([.. spans.Where(span => span.Message >= 0)], true);
    }

    /// <summary>The message whose words a span holds; one without words is the first answer behind what was written last.</summary>
    private static int Author((int Start, int End) span, List<(int Start, int End, string Path)> written, ChatRequest request)
    {
        var before = -1;
        foreach (var (start, end, path) in written.TakeWhile(run => run.Start < span.End))
        {
            if (MessageOf(path) is not var (message, field)) continue;
            if (end > span.Start && field is not Role && IsAnswer(message, request)) return message;
            before = field is Role && IsAnswer(message, request) ? message - 1 : message;
        }
        for (var next = before + 1; next < request.Messages.Count; next++)
            if (IsAnswer(next, request)) return next;
        return Math.Max(before, 0);
    }

    private const string Role = "role";

    /// <summary>The place of the assistant's message that an origin lies in; null for others, and for the name of its role.</summary>
    private static int? AnswerOf(string path, ChatRequest request) =>
        MessageOf(path) is var (message, field) && field is not (Role or "#key") && IsAnswer(message, request) ? message : null;

    private static (int Message, string Field)? MessageOf(string path) =>
        path.Split('/') is ["messages", var place, var field, ..] && int.TryParse(place, out var message) ? (message, field) : null;

    private static bool IsAnswer(int message, ChatRequest request) => (string?)request.Messages[message]?["role"] == "assistant";
}
