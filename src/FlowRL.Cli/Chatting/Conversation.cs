using FlowRL.Runs;
using FlowRL.Tokenization;

namespace FlowRL.Cli.Chatting;

/// <summary>What was said, and the answers of which one goes on.</summary>
/// <param name="system">What the model is told before; null for nothing.</param>
internal sealed class Conversation(string? system)
{
    private readonly List<ChatMessage> _turns = [];
    private IReadOnlyList<ChatAnswer> _last = [];

    /// <summary>What the model is told before; null for nothing.</summary>
    public string? System { get; set; } = system;

    /// <summary>All of it, the system's message first.</summary>
    public IReadOnlyList<ChatMessage> Messages => System is null ? [.. _turns] : [new ChatMessage("system", System), .. _turns];

    /// <summary>Answers to the last message.</summary>
    public int Answers => _last.Count;

    /// <summary>The conversation with a message more, which counts once it is answered.</summary>
    public IReadOnlyList<ChatMessage> With(string message) => [.. Messages, new ChatMessage("user", message)];

    /// <summary>Keeps a message with its answers, the first of which goes on.</summary>
    public void Add(string message, IReadOnlyList<ChatAnswer> answers)
    {
        _turns.Add(new ChatMessage("user", message));
        _turns.Add(new ChatMessage("assistant", answers[0].Text));
        _last = answers;
    }

    /// <summary>Goes on with another answer to the last message.</summary>
    /// <param name="number">From 1 to <see cref="Answers"/>.</param>
    public void Pick(int number) => _turns[^1] = new ChatMessage("assistant", _last[number - 1].Text);

    /// <summary>Forgets what was said, and keeps the system's message.</summary>
    public void Reset()
    {
        _turns.Clear();
        _last = [];
    }
}
