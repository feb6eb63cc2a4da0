using FlowRL.Recipes;

namespace FlowRL.Comparison;

/// <summary>One training run of a comparison.</summary>
/// <param name="Objective">The name in the comparison.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Folder">Where the run lands.</param>
/// <param name="Recipe">The whole recipe.</param>
public sealed record PlannedRun(string Objective, long Seed, string Folder, TrainRecipe Recipe);
