namespace FlowRL.Tokenization;

/// <summary>What a model reads: text as it stands, or a conversation that the model's chat template renders.</summary>
public abstract record Prompt
{
    private Prompt() { }

    /// <summary>Text that is encoded as it is.</summary>
    public sealed record Plain(string Content) : Prompt
    {
        public override string Text => Content;
    }

    /// <summary>Messages, the last of which the model is to answer.</summary>
    public sealed record Chat(IReadOnlyList<ChatMessage> Messages) : Prompt
    {
        public override string Text => string.Join("\n\n", Messages.Select(message => $"{message.Role}: {message.Content}"));

        /// <summary>The date that a chat template writes where it writes one; null for a fixed one.</summary>
        public DateOnly? Date { get; init; }

        public bool Equals(Chat? other) => other is not null && Date == other.Date && Messages.SequenceEqual(other.Messages);

        public override int GetHashCode() => Messages.Aggregate(Date.GetHashCode(), HashCode.Combine);
    }

    /// <summary>The prompt for reading, in logs and reports.</summary>
    public abstract string Text { get; }

    public sealed override string ToString() => Text;

    public static implicit operator Prompt(string text) => new Plain(text);
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, or another that the model's chat template knows.</param>
/// <param name="Content">The text, which never opens or closes a turn whatever it says.</param>
public sealed record ChatMessage(string Role, string Content);
