using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Lab.Comparison;

/// <summary>What all objectives of a comparison have in common: model, task, numbers of samples and steps, choice of the checkpoint.</summary>
internal static class FairnessRules
{
    /// <summary>A sentence for each difference from the first objective, and for what would make any comparison unfair.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<(string Name, TrainRecipe Recipe)> objectives)
    {
        var (firstName, first) = objectives[0];
        foreach (var (name, recipe) in objectives)
        {
            if (recipe.Training.MaxSeconds > 0)
            {
                yield return $"objectives.{name}: training.max_seconds would end runs by the clock, after different numbers of samples; set it to 0.";
            }
            if (recipe.Evaluation.Every == 0)
            {
                yield return $"objectives.{name}: evaluation.every is 0, but the checkpoint to test is chosen on validation problems; use 1 or more.";
            }
            var (rollout, steps) = (recipe.Rollout, Length(recipe));
            if (steps != Length(first) || Responses(recipe) != Responses(first))
            {
                yield return $"objectives.{name}: {rollout.Problems} problems × {rollout.GroupSize} responses × {steps} are not the " +
                    $"{first.Rollout.Problems} × {first.Rollout.GroupSize} × {Length(first)} of '{firstName}'; every objective gets the same " +
                    "number of samples a step and of steps, so change rollout.problems, rollout.group_size and training.steps for all, below train.";
            }
            foreach (var (key, part) in Shared)
            {
                if (part(recipe) != part(first))
                {
                    yield return $"objectives.{name}: {key} differs from that of '{firstName}'; every objective has the same, so change it for all, " +
                        "below train.";
                }
            }
        }
    }

    private static readonly (string Key, Func<TrainRecipe, string> Part)[] Shared =
    [
        ("model", recipe => OptionsWriter.Write(recipe.Model)),
        ("task", recipe => OptionsWriter.Write(recipe.Task)),
        ("evaluation", recipe => OptionsWriter.Write(recipe.Evaluation)),
        ("rollout.sampling.max_new_tokens", recipe => $"{recipe.Rollout.Sampling.MaxNewTokens}"),
    ];

    private static string Length(TrainRecipe recipe) => recipe.Training.Epochs > 0 ? FormattableString.Invariant($"{recipe.Training.Epochs} epochs")
        : $"{recipe.Training.Steps} steps";

    private static long Responses(TrainRecipe recipe) => (long)recipe.Rollout.Problems * recipe.Rollout.GroupSize;
}
