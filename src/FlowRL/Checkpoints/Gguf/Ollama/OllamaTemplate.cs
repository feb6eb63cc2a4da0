using FlowRL.Tokenization;

namespace FlowRL.Checkpoints.Gguf.Ollama;

/// <summary>
/// A way of writing conversations that is known both as Jinja has it and in the words of Go's templates, which Ollama runs. Jinja cannot be turned into
/// those in general: a model's template is known where it renders conversations as one of these does.
/// </summary>
/// <param name="Name">What people call it.</param>
/// <param name="Go">For the Modelfile.</param>
/// <param name="Turn">One message.</param>
/// <param name="Opening">Where the answer begins.</param>
internal sealed record OllamaTemplate(string Name, string Go, Func<ChatMessage, string> Turn, string Opening)
{
    private const string Placeholder = "\u0001";

    private static readonly OllamaTemplate[] Known =
    [
        new("ChatML", "{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n",
            message => $"<|im_start|>{message.Role}\n{message.Content}<|im_end|>\n", "<|im_start|>assistant\n"),
        new("Llama-3", "{{- range .Messages }}<|start_header_id|>{{ .Role }}<|end_header_id|>\n\n{{ .Content }}<|eot_id|>{{ end }}" +
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
            message => $"<|start_header_id|>{message.Role}<|end_header_id|>\n\n{message.Content}<|eot_id|>",
            "<|start_header_id|>assistant<|end_header_id|>\n\n"),
    ];

    private static readonly ChatMessage[][] Conversations =
    [
        [new("user", "First.")],
        [new("system", "Be brief."), new("user", "First.")],
        [new("system", "Be brief."), new("user", "First."), new("assistant", "Second."), new("user", "Third, 3 < 4\nand more.")],
    ];

    /// <param name="render">
    /// The model's template, up to where an answer begins; without the beginning-of-sequence token, which Ollama puts there itself.
    /// </param>
    /// <returns>The template, and the system message that it puts where a conversation has none; null where it is none of the known.</returns>
    public static (OllamaTemplate Template, string? System)? Find(Func<IReadOnlyList<ChatMessage>, string> render)
    {
        var rendered = Conversations.Select(render).ToArray();
        foreach (var template in Known)
        {
            var isSame = Conversations.Select(template.Render).Zip(rendered, string.Equals).ToArray();
            if (!isSame[1..].All(same => same)) continue;
            if (isSame[0]) return (template, null);
            if (template.DefaultSystem(rendered[0]) is { } system) return (template, system);
        }
        return null;
    }

    private string Render(IReadOnlyList<ChatMessage> messages) => string.Concat(messages.Select(Turn)) + Opening;

    /// <summary>What stands where a system message would, in a conversation that has none.</summary>
    private string? DefaultSystem(string rendered)
    {
        var parts = Render([new("system", Placeholder), .. Conversations[0]]).Split(Placeholder);
        return rendered.Length > parts[0].Length + parts[1].Length && rendered.StartsWith(parts[0], StringComparison.Ordinal)
            && rendered.EndsWith(parts[1], StringComparison.Ordinal) ? rendered[parts[0].Length..^parts[1].Length] : null;
    }
}
