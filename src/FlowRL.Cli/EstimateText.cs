using System.Globalization;
using FlowRL.Recipes;
using FlowRL.Runs;

namespace FlowRL.Cli;

/// <summary>What a dry run says of a training recipe: data, memory, time.</summary>
internal static class EstimateText
{
    public static IEnumerable<string> Lines(TrainRecipe recipe, Rehearsal rehearsal)
    {
        static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var estimate = rehearsal.Estimate;
        var (train, validation, test) = estimate.Problems;
        yield return Write($"data: {train} training, {validation} validation and {test} test problems");
        var parts = string.Join(", ", estimate.Memory.Where(part => part.Value > 0).Select(part => Write($"{part.Key} {Size(part.Value)}")));
        yield return Write($"memory: {Size(estimate.Memory.Values.Sum())} and activations ({parts})");
        yield return Write($"work: {estimate.SamplingFlops:0.0e0} flops a step to sample, {estimate.UpdateFlops:0.0e0} to update, responses at their limit");
        if (rehearsal is { StepSeconds: { } step, EvaluationSeconds: { } evaluation })
        {
            var training = recipe.Training.MaxSeconds > 0 ? Math.Min(recipe.Training.MaxSeconds, step * estimate.Steps) : step * estimate.Steps;
            yield return $"time: {ProgressText.Duration(training + evaluation)} in all: {estimate.Steps} steps of {StepTime(step)}, and " +
                $"{ProgressText.Duration(evaluation)} of evaluations (the first steps were taken, and thrown away)";
        }
        else
        {
            var (least, all) = (ProgressText.Duration(estimate.SecondsAtLeast(1)), ProgressText.Duration(estimate.SecondsAtLeast(estimate.Steps)));
            yield return Write($"time: {least} a step and {all} in all ") +
                Write($"at the rate of a matrix product on these processors ({estimate.GigaflopsHere:0} Gflop/s), and two to four times as long by ") +
                "experience; shorter responses take less. A step takes too long to be tried here";
        }
    }

    private static string StepTime(double seconds) => seconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0##} s")
        : ProgressText.Duration(seconds);

    private static string Size(double bytes) => bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
