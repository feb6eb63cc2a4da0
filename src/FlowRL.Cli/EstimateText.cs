using System.Globalization;
using FlowRL.Recipes;
using FlowRL.Runs;
using FlowRL.Training;

namespace FlowRL.Cli;

/// <summary>
/// What a dry run says of a training recipe, on the error stream: data, memory, time. What is not there to be read is said, and is no error.
/// </summary>
internal static class EstimateText
{
    public static async Task SayAsync(TrainRecipe recipe, CliHost host)
    {
        try
        {
            var task = recipe.Task.Create();
            using var owned = task as IDisposable;
            foreach (var note in task.Notes) host.Error.WriteLine($"data: {note}");
            var estimate = await TensorThread.RunAsync(recipe.Run.Threads, () => RunEstimate.Of(recipe, task));
            foreach (var line in Lines(recipe, estimate)) host.Error.WriteLine(line);
        }
        catch (BadInputException missing)
        {
            host.Error.WriteLine($"not estimated: {missing.Message}");
        }
    }

    private static IEnumerable<string> Lines(TrainRecipe recipe, RunEstimate estimate)
    {
        static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var (train, validation, test) = estimate.Problems;
        yield return Write($"data: {train} training, {validation} validation and {test} test problems");
        var parts = string.Join(", ", estimate.Memory.Where(part => part.Value > 0).Select(part => Write($"{part.Key} {Size(part.Value)}")));
        yield return Write($"memory: {Size(estimate.Memory.Values.Sum())} and activations ({parts})");
        yield return Write($"work: {estimate.SamplingFlops:0.0e0} flops a step to sample, {estimate.UpdateFlops:0.0e0} to update, responses at their limit");
        var (step, all) = (ProgressText.Duration(estimate.SecondsAtLeast(1)), ProgressText.Duration(estimate.SecondsAtLeast(recipe.Training.Steps)));
        yield return Write($"time: {step} a step and {all} in all ") +
            Write($"at the rate of a matrix product on these processors ({estimate.GigaflopsHere:0} Gflop/s); shorter responses take less");
    }

    private static string Size(double bytes) => bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
