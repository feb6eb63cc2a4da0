namespace FlowRL.Architecture;

/// <summary>A line of one room that names something of another room, by whatever name, or uses it without one.</summary>
/// <param name="Path">The file, from the repository's root.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="From">The room that the file lies in.</param>
/// <param name="To">The room that holds what is named.</param>
/// <param name="What">The full name of the type, or of the namespace where only that is named.</param>
public sealed record Use(string Path, int Line, string From, string To, string What);
