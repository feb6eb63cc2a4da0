namespace FlowRL.Rewards.Mathematics;

/// <summary>An answer is not in the notation that can be read. Never leaves <see cref="AnswerComparer"/>.</summary>
internal sealed class UnreadableAnswerException(string reason) : Exception(reason);
