namespace FlowRL.Tasks.Synthesis;

/// <summary>A Python expression over a list <c>x</c> of integers, with its meaning.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Run">Its value for a list; null where Python would raise an exception.</param>
internal sealed record ListProgram(string Text, Func<IReadOnlyList<int>, ListValue?> Run);
