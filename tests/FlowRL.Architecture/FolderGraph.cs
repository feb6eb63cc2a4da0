namespace FlowRL.Architecture;

/// <summary>One room uses another one.</summary>
/// <param name="From">The room that uses.</param>
/// <param name="To">The room that is used.</param>
/// <param name="Count">At how many lines, counted once for each type that they name.</param>
public sealed record Edge(string From, string To, int Count);

/// <summary>The uses of a survey as a graph of rooms, those that the law allows.</summary>
public static class FolderGraph
{
    /// <summary>In the order of the rooms, from the ground up.</summary>
    public static IReadOnlyList<Edge> EdgesOf(Survey survey) =>
        [.. survey.Uses.Where(use => FolderLaw.Allows(use.From, use.To))
            .GroupBy(use => (use.From, use.To)).Select(uses => new Edge(uses.Key.From, uses.Key.To, uses.Count()))
            .OrderBy(edge => House.FloorOf(edge.From)).ThenBy(edge => House.FloorOf(edge.To))];

    /// <summary>The edges that no way through a third room implies. The graph has no circle: every edge goes down.</summary>
    public static IReadOnlyList<Edge> ReducedOf(IReadOnlyList<Edge> edges)
    {
        var below = new Dictionary<string, HashSet<string>>();
        foreach (var edge in edges.OrderBy(edge => House.FloorOf(edge.From)))
        {
            if (!below.TryGetValue(edge.From, out var reached)) below[edge.From] = reached = [];
            reached.Add(edge.To);
            reached.UnionWith(below.GetValueOrDefault(edge.To, []));
        }
        return [.. edges.Where(edge => !edges.Any(other => other.From == edge.From && below.GetValueOrDefault(other.To, []).Contains(edge.To)))];
    }

    /// <summary>The rooms in their order, from the ground up, with those side by side that follow each other and do not use each other.</summary>
    public static IReadOnlyList<IReadOnlyList<Room>> StoreysOf(IReadOnlyList<Edge> edges)
    {
        var storeys = new List<List<Room>>();
        foreach (var room in House.Rooms)
        {
            var stands = storeys.Count > 0 && storeys[^1].Any(other => edges.Any(edge => edge.From == room.Name && edge.To == other.Name));
            if (stands || storeys.Count == 0) storeys.Add([]);
            storeys[^1].Add(room);
        }
        return storeys;
    }
}
