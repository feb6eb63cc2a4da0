using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Templates;

/// <summary>
/// ChatML: every turn between &lt;|im_start|&gt; and &lt;|im_end|&gt;. Qwen2 and Qwen2.5 put a system message of their own where the
/// conversation has none; Qwen3 has none, drops earlier turns' thinking and can open an answer with its thinking begun or closed.
/// Tools are left out.
/// </summary>
internal sealed partial class ChatMlTemplate : ChatTemplate
{
    private const string Start = "<|im_start|>";
    private const string End = "<|im_end|>";

    private readonly string? _defaultSystem;
    private readonly bool _rewritesThinking;
    private readonly bool _hasThinkingSwitch;
    private readonly bool _opensThinking;

    public ChatMlTemplate(string template)
    {
        var system = DefaultSystem().Match(template);
        _defaultSystem = system.Success ? Unescape(system.Groups["text"].Value) : null;
        _rewritesThinking = template.Contains("reasoning_content", StringComparison.Ordinal);
        _hasThinkingSwitch = template.Contains("enable_thinking", StringComparison.Ordinal);
        _opensThinking = template.Contains(@"<|im_start|>assistant\n<think>\n'", StringComparison.Ordinal);
    }

    public static IReadOnlySet<string> Markers { get; } = new HashSet<string> { Start, End };

    public override string Name => _rewritesThinking || _hasThinkingSwitch ? "Qwen3" : "ChatML";

    internal override IEnumerable<ChatSegment> Segments(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, bool enableThinking)
    {
        if (_defaultSystem is not null && messages[0].Role != "system")
            foreach (var segment in Turn("system", _defaultSystem))
                yield return segment;
        var lastQuery = LastQuery(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            var (role, content) = messages[i];
            if (_rewritesThinking && role == "assistant")
                content = WithThinking(content, isCurrent: i > lastQuery, isLast: i == messages.Count - 1);
            foreach (var segment in Turn(role, content))
                yield return segment;
        }
        if (!addGenerationPrompt)
            yield break;
        yield return new ChatSegment(Start, true);
        var thinking = _opensThinking ? "<think>\n" : _hasThinkingSwitch && !enableThinking ? "<think>\n\n</think>\n\n" : "";
        yield return new ChatSegment($"assistant\n{thinking}", false);
    }

    private static IEnumerable<ChatSegment> Turn(string role, string content) =>
    [
        new(Start, true),
        new($"{role}\n{content}", false),
        new(End, true),
        new("\n", false),
    ];

    private static int LastQuery(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var content = messages[i].Content;
            var isToolResult = content.StartsWith("<tool_response>", StringComparison.Ordinal)
                && content.EndsWith("</tool_response>", StringComparison.Ordinal);
            if (messages[i].Role == "user" && !isToolResult)
                return i;
        }
        return messages.Count - 1;
    }

    /// <summary>Thinking is shown in the answer to the last question only, and there even where it is empty.</summary>
    private static string WithThinking(string content, bool isCurrent, bool isLast)
    {
        var (thinking, answer) = ("", content);
        var close = content.LastIndexOf("</think>", StringComparison.Ordinal);
        if (close >= 0)
        {
            answer = content[(close + "</think>".Length)..].TrimStart('\n');
            var before = content[..content.IndexOf("</think>", StringComparison.Ordinal)].TrimEnd('\n');
            var open = before.LastIndexOf("<think>", StringComparison.Ordinal);
            thinking = before[(open < 0 ? 0 : open + "<think>".Length)..].TrimStart('\n');
        }
        return isCurrent && (isLast || thinking.Length > 0)
            ? $"<think>\n{thinking.Trim('\n')}\n</think>\n\n{answer.TrimStart('\n')}"
            : answer;
    }

    private static string Unescape(string literal) =>
        Escape().Replace(literal, match => match.Value[1] == 'n' ? "\n" : match.Value[1..]);

    /// <summary>A system message that stands in the template itself, up to its end within one literal.</summary>
    [GeneratedRegex(@"<\|im_start\|>system(\\n|\n)(?<text>([^'""\\]|\\.)+?)<\|im_end\|>")]
    private static partial Regex DefaultSystem();

    [GeneratedRegex(@"\\.", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
