using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>Two cities with a truck, an airport and another place each, one aeroplane, and packages to bring elsewhere.</summary>
internal static class LogisticsMaker
{
    private static readonly string[] Places = ["p1", "q1", "p2", "q2"]; // p are airports; the digit is the city

    public static PlanningProblem Make(int packages, ulong seed)
    {
        var objects = new Dictionary<string, string>
        {
            ["c1"] = "city",
            ["c2"] = "city",
            ["p1"] = "airport",
            ["p2"] = "airport",
            ["q1"] = "place",
            ["q2"] = "place",
            ["t1"] = "truck",
            ["t2"] = "truck",
            ["a"] = "plane",
        };
        var draw = 0;
        int Below(int bound) => Seeds.Below(seed, ++draw, bound);
        var initial = Places.Select(place => Fact.Of(["of", place, $"c{place[1]}"])).ToList();
        initial.Add(Fact.Of(["at", "a", Below(2) == 0 ? "p1" : "p2"]));
        initial.Add(Fact.Of(["at", "t1", Below(2) == 0 ? "p1" : "q1"]));
        initial.Add(Fact.Of(["at", "t2", Below(2) == 0 ? "p2" : "q2"]));
        var goal = new List<Fact>();
        for (var package = 0; package < packages; package++)
        {
            var (name, from) = ($"k{package + 1}", Below(Places.Length));
            objects[name] = "package";
            initial.Add(Fact.Of(["at", name, Places[from]]));
            goal.Add(Fact.Of(["at", name, Places[(from + 1 + Below(Places.Length - 1)) % Places.Length]]));
        }
        return PlanningProblems.New(PlanningDomains.Logistics, seed, objects, initial, goal);
    }
}
