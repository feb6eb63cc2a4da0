using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>Towers of blocks, drawn at random, and other towers to build.</summary>
internal static class BlocksworldMaker
{
    public static PlanningProblem Make(int blocks, ulong seed)
    {
        string[] names = [.. Enumerable.Range(0, blocks).Select(index => $"{(char)('a' + index)}")];
        var first = Towers(names, Seeds.Derive(seed, "first"));
        var last = Towers(names, Seeds.Derive(seed, "last"));
        var initial = Facts(first).Concat(first.Select(tower => Fact.Of(["clear", tower[^1]]))).Append(Fact.Of(["empty"]));
        return PlanningProblems.New(PlanningDomains.Blocksworld, seed, names.ToDictionary(name => name, _ => "object"), initial, Facts(last));
    }

    private static IEnumerable<Fact> Facts(List<List<string>> towers) => towers.SelectMany(tower =>
        tower.Skip(1).Zip(tower, (upper, lower) => Fact.Of(["on", upper, lower])).Prepend(Fact.Of(["table", tower[0]])));

    private static List<List<string>> Towers(string[] names, ulong seed)
    {
        var towers = new List<List<string>>();
        foreach (var (place, index) in Seeds.Permutation(Seeds.Derive(seed, "order"), names.Length).Index())
        {
            var choice = Seeds.Below(seed, place, towers.Count + 1);
            if (choice == towers.Count) towers.Add([]);
            towers[choice].Add(names[index]);
        }
        return [.. towers.OrderBy(tower => tower[0], StringComparer.Ordinal)];
    }
}
