using FlowRL.Tokenization;

namespace FlowRL.Training.Supervised;

/// <summary>An example as it is written, before it is tokens.</summary>
internal abstract record WrittenExample
{
    private WrittenExample() { }

    /// <summary>What it says, for telling examples apart and for learning a vocabulary.</summary>
    public abstract string Text { get; }

    /// <summary>A conversation.</summary>
    /// <param name="Chat">Its messages.</param>
    /// <param name="FirstTaught">The place of the first message that may be taught; those before it are given.</param>
    public sealed record Conversation(Prompt.Chat Chat, int FirstTaught) : WrittenExample
    {
        public override string Text => Chat.Text;
    }

    /// <summary>A prompt that is read, and a completion.</summary>
    public sealed record Pair(string Prompt, string Completion) : WrittenExample
    {
        public override string Text => $"{Prompt}\n{Completion}";
    }

    /// <summary>A text as it stands.</summary>
    public sealed record Whole(string Content) : WrittenExample
    {
        public override string Text => Content;
    }
}
