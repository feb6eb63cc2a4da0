namespace FlowRL.Architecture;

/// <summary>Each folder uses those below it, none above it.</summary>
public static class FolderLaw
{
    /// <summary>A sentence for each place where the law is broken; none where it holds.</summary>
    public static IReadOnlyList<string> BreaksOf(Survey survey) =>
        [.. survey.Rooms.Where(room => !IsListed(room)).Select(Unlisted), .. survey.Uses.Select(BreakOf).OfType<string>()];

    /// <summary>Whether a room may use another one of the same house.</summary>
    public static bool Allows(string from, string to) =>
        from != House.Apart.Name && to != House.Apart.Name && House.FloorOf(to) >= 0 && House.FloorOf(to) < House.FloorOf(from);

    private static bool IsListed(string room) => room == House.Apart.Name || House.FloorOf(room) >= 0;

    private static string Unlisted(string room) => $"{House.FolderOf(room)} stands on no floor: list it in House.Rooms " +
        "(tests/FlowRL.Architecture/House.cs), above all that it uses, and in README.md's map.";

    private static string? BreakOf(Use use) => use switch
    {
        _ when Allows(use.From, use.To) || !IsListed(use.From) || !IsListed(use.To) => null,
        _ when use.From == House.Apart.Name => $"{use.Path}:{use.Line}: {use.From} uses {use.What}, and is to use nothing of this house",
        _ when use.To == House.Apart.Name => $"{use.Path}:{use.Line}: {use.From} uses {use.What}, which stands apart",
        _ => $"{use.Path}:{use.Line}: {use.From} uses {use.What}, which stands above it",
    };
}
