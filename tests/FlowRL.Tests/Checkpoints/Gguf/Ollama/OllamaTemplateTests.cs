using FlowRL.Checkpoints.Gguf.Ollama;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Checkpoints.Gguf.Ollama;

public sealed class OllamaTemplateTests
{
    private static string ChatMl(IEnumerable<ChatMessage> messages) =>
        string.Concat(messages.Select(message => $"<|im_start|>{message.Role}\n{message.Content}<|im_end|>\n")) + "<|im_start|>assistant\n";

    [Fact]
    public void ChatML_is_known_and_so_is_the_system_message_that_it_adds()
    {
        Assert.Equal(("ChatML", null), Found(ChatMl));
        Assert.Equal(("ChatML", "You are\nhelpful."),
            Found(messages => ChatMl(messages[0].Role == "system" ? messages : messages.Prepend(new ChatMessage("system", "You are\nhelpful.")))));
    }

    [Fact]
    public void Llama_3_is_known() => Assert.Equal(("Llama-3", null), Found(messages =>
        string.Concat(messages.Select(message => $"<|start_header_id|>{message.Role}<|end_header_id|>\n\n{message.Content}<|eot_id|>"))
        + "<|start_header_id|>assistant<|end_header_id|>\n\n"));

    [Fact]
    public void What_differs_anywhere_is_not_known()
    {
        Assert.Null(OllamaTemplate.Find(messages => ChatMl(messages) + "<think>\n"));
        Assert.Null(OllamaTemplate.Find(messages => ChatMl(messages.Where(message => message.Role != "system"))));
        Assert.Null(OllamaTemplate.Find(messages => ChatMl(messages).Replace("<|im_end|>\n<|im_start|>user", "<|im_end|><|im_start|>user", StringComparison.Ordinal)));
        Assert.Null(OllamaTemplate.Find(messages => string.Join(' ', messages.Select(message => message.Content))));
    }

    private static (string Name, string? System) Found(Func<IReadOnlyList<ChatMessage>, string> render) =>
        OllamaTemplate.Find(render) is var (template, system) ? (template.Name, system) : ("none", null);
}
