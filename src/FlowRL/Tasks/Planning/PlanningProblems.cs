using System.Globalization;
using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>Makes problems, or reads them, and says which split each belongs to.</summary>
internal static class PlanningProblems
{
    /// <summary>Problems of a split; no problem occurs twice, in one split or in two.</summary>
    public static Dictionary<Split, IReadOnlyList<PlanningProblem>> Of(PlanningOptions options) =>
        options.Kind == PlanningKind.Files ? Read(options) : Make(options);

    private static Dictionary<Split, IReadOnlyList<PlanningProblem>> Make(PlanningOptions options)
    {
        var wanted = new Dictionary<Split, int>
        {
            [Split.Train] = options.Problems,
            [Split.Validation] = Math.Max(10, options.Problems / 10),
            [Split.Test] = Math.Max(10, options.Problems / 4),
        };
        var made = wanted.Keys.ToDictionary(split => split, _ => new List<PlanningProblem>());
        var seen = new HashSet<string>();
        // Small worlds have few problems; a long run of repeats means that there are no more.
        for (long number = 0, repeats = 0; repeats < 10_000 && wanted.Any(pair => made[pair.Key].Count < pair.Value); number++)
        {
            var seed = Seeds.Derive(0, $"planning {options.Kind}", number);
            var objects = options.MinObjects + Seeds.Below(seed, 0, options.MaxObjects - options.MinObjects + 1);
            var problem = options.Kind == PlanningKind.Blocksworld ? BlocksworldMaker.Make(objects, seed) : LogisticsMaker.Make(objects, seed);
            var text = PlanningPrompt.Of(problem);
            var split = SplitOf(text);
            var isNew = seen.Add(text) && !problem.Goal.All(literal => PlanValidator.Holds(literal, problem.Initial));
            repeats = isNew ? 0 : repeats + 1;
            if (isNew && made[split].Count < wanted[split]) made[split].Add(problem);
        }
        return made.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<PlanningProblem>)pair.Value);
    }

    private static Split SplitOf(string text) => Seeds.Uniform(Seeds.Derive(0, text), 0) switch
    {
        < 0.7 => Split.Train,
        < 0.8 => Split.Validation,
        _ => Split.Test,
    };

    private static Dictionary<Split, IReadOnlyList<PlanningProblem>> Read(PlanningOptions options)
    {
        var domain = PddlReader.Domain(options.Domain!, Text(options.Domain!));
        var twice = options.Train.Concat(options.Validation).Concat(options.Test).GroupBy(file => file).FirstOrDefault(files => files.Count() > 1);
        if (twice is not null) throw new BadInputException($"{twice.Key}: the recipe names this file twice; leave one out.");
        // Files often give their problems one and the same name.
        IReadOnlyList<PlanningProblem> Problems(IEnumerable<string> files) =>
            [.. files.Select(file => PddlReader.Problem(file, Text(file), domain) with { Name = file })];
        return new() { [Split.Train] = Problems(options.Train), [Split.Validation] = Problems(options.Validation), [Split.Test] = Problems(options.Test) };
    }

    private static string Text(string file) => File.Exists(file) ? File.ReadAllText(file)
        : throw new BadInputException($"{file}: there is no such PDDL file; give a path from {Directory.GetCurrentDirectory()} or a full one.");

    /// <summary>A problem made here.</summary>
    public static PlanningProblem New(
        PlanningDomain domain, ulong seed, IReadOnlyDictionary<string, string> objects, IEnumerable<Fact> initial, IEnumerable<Fact> goal) =>
        new(domain, seed.ToString("x16", CultureInfo.InvariantCulture), objects, initial.ToHashSet(), [.. goal.Select(fact => new Literal(fact, true))]);
}

/// <summary>The domains inside the library.</summary>
internal static class PlanningDomains
{
    public static PlanningDomain Blocksworld { get; } = Read("blocksworld");

    public static PlanningDomain Logistics { get; } = Read("logistics");

    private static PlanningDomain Read(string name)
    {
        using var stream = typeof(PlanningDomains).Assembly.GetManifestResourceStream($"FlowRL.Embedded.planning/{name}.pddl")!;
        using var reader = new StreamReader(stream);
        return PddlReader.Domain($"{name}.pddl", reader.ReadToEnd());
    }
}
