namespace FlowRL.Tasks.Planning.Pddl;

/// <summary>A predicate with its arguments: objects, or in an action's definition also parameters (<c>?x</c>).</summary>
/// <param name="Text">As PDDL writes it, in lower case with single spaces: <c>(on a b)</c>.</param>
internal readonly record struct Fact(string Text)
{
    public static Fact Of(IEnumerable<string> words) => new($"({string.Join(' ', words)})");

    public IReadOnlyList<string> Words => Text[1..^1].Split(' ');

    /// <summary>The fact with parameters replaced.</summary>
    public Fact With(IReadOnlyDictionary<string, string> arguments) => Of(Words.Select(word => arguments.GetValueOrDefault(word, word)));
}
