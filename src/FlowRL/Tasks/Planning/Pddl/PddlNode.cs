namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>A word, or a list in brackets, of a PDDL text.</summary>
/// <param name="Word">The word in lower case; null for a list.</param>
/// <param name="Items">What is in the list; empty for a word.</param>
/// <param name="Line">Its line, from 1.</param>
internal sealed record PddlNode(string? Word, IReadOnlyList<PddlNode> Items, int Line)
{
    /// <summary>The word at the head of a list; null where there is none.</summary>
    public string? Head => Items.Count > 0 ? Items[0].Word : null;
}
