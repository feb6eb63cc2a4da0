using FlowRL.Lab.Judging;
using Microsoft.Extensions.AI;

namespace FlowRL.Tests.Lab.Judging;

/// <summary>A chat client that answers as a test says, and remembers what it was asked.</summary>
/// <param name="answer">From the messages and the token.</param>
internal sealed class ScriptedJudge(Func<IReadOnlyList<ChatMessage>, CancellationToken, Task<string>> answer) : IChatClient
{
    private readonly Lock _gate = new();
    private readonly List<IReadOnlyList<ChatMessage>> _asked = [];
    private int _atOnce;

    public ScriptedJudge(Func<string, string> answer) : this((messages, _) => Task.FromResult(answer(messages[^1].Text))) { }

    /// <summary>One answer after the other, whatever is asked.</summary>
    public static ScriptedJudge Of(params string[] answers)
    {
        var next = 0;
        return new ScriptedJudge(_ => answers[next++]);
    }

    /// <summary>Calls two solutions the same where their first characters are.</summary>
    public static ScriptedJudge ByFirstCharacter => new(question => FirstOf(question, 1) == FirstOf(question, 2) ? "SAME" : "DIFFERENT");

    /// <summary>The messages of each call, in order.</summary>
    public IReadOnlyList<IReadOnlyList<ChatMessage>> Asked => _asked;

    public ChatOptions? Options { get; private set; }

    /// <summary>The most calls that were under way together.</summary>
    public int MostAtOnce { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages.ToList();
        lock (_gate)
        {
            _asked.Add(asked);
            Options = options;
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }
        try
        {
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, await answer(asked, cancellationToken)));
        }
        finally
        {
            lock (_gate) _atOnce--;
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }

    /// <summary>A judge of this client, with nothing kept.</summary>
    public ChatJudge Judge(JudgeCache? cache = null, TimeProvider? clock = null, Action<string>? say = null, JudgeOptions? options = null) =>
        new(this, options ?? new JudgeOptions { Model = "scripted" }, cache, clock, say);

    /// <summary>The first character of a solution in a question.</summary>
    private static char FirstOf(string question, int solution)
    {
        var name = $" solution {solution}\n";
        return question[question.IndexOf(name, StringComparison.Ordinal) + name.Length];
    }
}
