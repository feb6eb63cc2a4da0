using FlowRL.Runs;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Cli.Chatting;

/// <summary>Says what it is told to, and remembers what it was asked.</summary>
/// <param name="turns">Of each turn the answers, in the pieces in which they come.</param>
internal sealed class ScriptedPartner(params IReadOnlyList<ScriptedAnswer>[] turns) : IChatModel
{
    public List<Prompt> Asked { get; } = [];

    public int ContextLength => 8192;

    /// <summary>What the last message said to it, all roles.</summary>
    public string LastAsked => string.Join(" | ", ((Prompt.Chat)Asked[^1]).Messages.Select(message => $"{message.Role}: {message.Content}"));

    /// <summary>Called after every piece of an answer.</summary>
    public Action AfterText { get; init; } = () => { };

    public IReadOnlyList<ChatAnswer> Answer(Prompt prompt, int turn, IAnswerObserver observer, CancellationToken cancellation)
    {
        Asked.Add(prompt);
        Assert.Equal(Asked.Count - 1, turn);
        var answers = turns[turn];
        if (answers is [{ Refusal: { } refusal }]) throw new BadInputException(refusal);
        // Pieces come in turn, as of responses that are sampled side by side.
        for (var piece = 0; piece < answers.Max(answer => answer.Pieces.Length) && !cancellation.IsCancellationRequested; piece++)
        {
            foreach (var (i, answer) in answers.Index())
            {
                if (piece >= answer.Pieces.Length) continue;
                observer.OnText(i, answer.Pieces[piece]);
                AfterText();
                if (piece == answer.Pieces.Length - 1) observer.OnEnd(i);
            }
        }
        if (!cancellation.IsCancellationRequested) return [.. answers.Select(answer => new ChatAnswer(string.Concat(answer.Pieces), answer.End))];
        for (var i = 0; i < answers.Count; i++) observer.OnEnd(i);
        return [.. answers.Select(answer => new ChatAnswer(answer.Pieces[0], ChatEnd.Stopped))];
    }
}

/// <summary>One answer.</summary>
/// <param name="Pieces">As they come.</param>
internal sealed record ScriptedAnswer(params string[] Pieces)
{
    public ChatEnd End { get; init; }

    /// <summary>Said in place of it.</summary>
    public string? Refusal { get; init; }

    public static implicit operator ScriptedAnswer(string text) => new(text);
}
