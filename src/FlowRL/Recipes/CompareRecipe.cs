using System.ComponentModel;

namespace FlowRL.Recipes;

/// <summary>Several objectives × several seeds from one train recipe (<c>flowrl compare</c>).</summary>
public sealed record CompareRecipe : IValidated
{
    [Description("The train recipe that all share: a file, or the name of one inside the tool. Its run's name, folder, seed and evaluation " +
        "of test problems are set by the comparison.")]
    public string? Base { get; init; }

    [Description("Changes to the base for every objective; the whole train recipe where there is no base.")]
    public RecipePatch<TrainRecipe>? Train { get; init; }

    [Description("What is compared, by name, with what each changes. The first is the one that the others are compared with.")]
    public required IReadOnlyDictionary<string, RecipePatch<TrainRecipe>> Objectives { get; init; }

    [Description("Seeds; each objective is trained once with each.")]
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    [Description("How the best checkpoint of each run is measured on test problems.")]
    public CompareTestOptions Evaluation { get; init; } = new();

    [Description("Folder of the comparison: results, and a run in <name>/seed-<seed> each.")]
    public string Folder { get; init; } = "runs/compare";

    public IEnumerable<string> Validate()
    {
        if (Base is null && Train is null) yield return "base: is missing; name a train recipe, or write one below train.";
        if (Objectives.Count == 0) yield return "objectives: is empty; give at least one name with its changes, such as grpo: { objective: grpo }.";
        foreach (var name in Objectives.Keys.Where(name => !IsFolderName(name)))
            yield return $"objectives.{name}: names a folder too; use letters, digits, dashes and underscores.";
        if (Seeds.Count == 0) yield return "seeds: is empty; give at least one, such as [1, 2, 3].";
        if (Seeds.Any(seed => seed < 0)) yield return "seeds: a seed is 0 or more.";
        if (Seeds.Distinct().Count() < Seeds.Count) yield return "seeds: one stands twice, and would count twice; give different ones.";
        if (string.IsNullOrWhiteSpace(Folder)) yield return "folder: is empty; name the folder of the comparison.";
    }

    private static bool IsFolderName(string name) => name != "" && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
