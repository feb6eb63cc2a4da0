using FlowRL.Configuration;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Recipes;
using FlowRL.Rollouts;
using FlowRL.Training;

namespace FlowRL.Lab.Comparison;

/// <summary>Everything that a comparison runs, objective by objective, seed by seed.</summary>
/// <param name="Recipe">What was asked for.</param>
/// <param name="Runs">The runs, in the order of the recipe.</param>
public sealed record ComparisonPlan(CompareRecipe Recipe, IReadOnlyList<PlannedRun> Runs)
{
    /// <summary>How the base model is called beside the objectives, and its folder.</summary>
    public const string BaseName = "base";

    /// <summary>The base model as a run without training, where fronts are measured; null elsewhere.</summary>
    public PlannedRun? Base { get; private init; }

    /// <summary>Everything that is tested: the runs, then the base model.</summary>
    public IReadOnlyList<PlannedRun> All => Base is null ? Runs : [.. Runs, Base];

    /// <summary>What <c>type:</c> can select in every run; null where each run's recipe says so by itself.</summary>
    internal OptionVariants? Variants { get; private init; }

    /// <summary>The result as JSON, in the comparison's folder.</summary>
    public string ResultFile => Path.Combine(Recipe.Folder, "comparison.json");

    /// <summary>The result as a page, in the comparison's folder.</summary>
    public string PageFile => Path.Combine(Recipe.Folder, "comparison.html");

    /// <summary>The comparison's recipe with every key, beside what it made.</summary>
    public string RecipeFile => Path.Combine(Recipe.Folder, "comparison.yaml");

    /// <summary>Builds every recipe and refuses what would make the comparison unfair.</summary>
    /// <param name="recipe">A validated recipe.</param>
    /// <param name="find">Finds the base by name.</param>
    /// <param name="variants">
    /// What <c>type:</c> can select. When null: this library's own, and those of the assemblies that the comparison names, or else the train recipe.
    /// </param>
    /// <exception cref="BadInputException">A recipe is wrong, or differs in model, task, validation or number of samples.</exception>
    public static ComparisonPlan Of(CompareRecipe recipe, Func<string, OptionsPatch<TrainRecipe>> find, OptionVariants? variants = null)
    {
        var shared = recipe.Base is null ? recipe.Train! : recipe.Train is null ? find(recipe.Base) : find(recipe.Base).With(recipe.Train);
        // Whoever made the recipe has agreed to load what it names.
        if (recipe.Assembly.Count > 0) variants ??= OptionVariants.FromFiles(recipe.Assembly);
        var objectives = recipe.Objectives.Select(objective => (Name: objective.Key, Recipe: Build(objective.Key, shared.With(objective.Value), variants)))
            .Select(built => recipe.Assembly.Count > 0 ? built with { Recipe = built.Recipe with { Assembly = recipe.Assembly } } : built).ToList();
        var problems = FairnessRules.Problems(objectives).ToList();
        if (problems.Count > 0) throw new BadInputException(string.Join('\n', problems));
        return new ComparisonPlan(recipe,
            [.. objectives.SelectMany(objective => recipe.Seeds.Select(seed => Planned(recipe, objective.Name, seed, objective.Recipe)))])
        {
            Variants = variants,
            Base = recipe.Tests.All.All(test => test.Options.Fronts is null) ? null
                : Planned(recipe, BaseName, recipe.Seeds[0], Untrained(objectives[0].Recipe)) with { IsBase = true },
        };
    }

    // What is the same for all objectives, so that their order does not matter.
    private static TrainRecipe Untrained(TrainRecipe recipe) => recipe with
    {
        Objective = new FlowRLOptions(),
        Training = new TrainingOptions(),
        Rollout = new RolloutOptions { Sampling = recipe.Rollout.Sampling, Slots = recipe.Rollout.Slots, VerifySeconds = recipe.Rollout.VerifySeconds },
    };

    private static TrainRecipe Build(string name, OptionsPatch<TrainRecipe> patch, OptionVariants? variants)
    {
        try
        {
            return patch.ToRecipe(variants);
        }
        catch (BadInputException e)
        {
            throw new BadInputException($"The recipe of objectives.{name} is wrong:\n{e.Message}", e);
        }
    }

    private static PlannedRun Planned(CompareRecipe comparison, string name, long seed, TrainRecipe recipe) =>
        new(name, seed, Path.Combine(comparison.Folder, name, $"seed-{seed}"), recipe with
        {
            Evaluation = recipe.Evaluation with { TestProblems = 0 },
            Run = recipe.Run with
            {
                Name = "seed",
                Folder = Path.Combine(comparison.Folder, name),
                Seed = seed,
                Threads = recipe.Run.Threads == 0 && comparison.Parallel > 1 ? Share(comparison.Parallel) : recipe.Run.Threads,
            },
        });

    // Written into the recipe, so that how many ran beside it is not needed to have the same bits again.
    private static int Share(int parallel) => Math.Max(1, Environment.ProcessorCount / parallel);
}

/// <summary>One training run of a comparison.</summary>
/// <param name="Objective">The name in the comparison.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Folder">Where the run lands.</param>
/// <param name="Recipe">The whole recipe.</param>
public sealed record PlannedRun(string Objective, long Seed, string Folder, TrainRecipe Recipe)
{
    /// <summary>Whether it is the model before training.</summary>
    public bool IsBase { get; init; }

    /// <summary>How it is called in what people read.</summary>
    public string Title => IsBase ? "the base model" : $"{Objective}, seed {Seed}";
}
