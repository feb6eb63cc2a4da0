namespace FlowRL.Tokenization;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">The text, which never opens or closes a turn whatever it says.</param>
public sealed record ChatMessage(string Role, string Content);
