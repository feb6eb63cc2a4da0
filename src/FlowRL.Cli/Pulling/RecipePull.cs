using System.Text.RegularExpressions;
using FlowRL.Evaluation;
using FlowRL.Hub;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Training.Supervised;

namespace FlowRL.Cli.Pulling;

/// <summary>
/// Fetches what a recipe names of a hub: its model, and files of data sets. What comes of it are keys that name each by its commit, so that what is
/// written down of a run is what it read, and going on with it asks nobody.
/// </summary>
internal static class RecipePull
{
    /// <summary>Keys and values as <c>--set</c> takes them; none where nothing is a hub's, or all is named by its commit.</summary>
    /// <param name="recipe">Of training, supervised training or an evaluation.</param>
    /// <param name="call">Shows how it goes.</param>
    /// <param name="cancellation">Ends it; what is fetched is kept.</param>
    /// <param name="begun">A recipe's text, whose commits hold on; null where nothing has begun.</param>
    public static async Task<IReadOnlyList<string>> KeysAsync(object recipe, Invocation call, CancellationToken cancellation, string? begun = null)
    {
        var (model, lists) = Parts(recipe);
        var keys = new List<string>();
        var path = (await call.Pulled(model with { Path = Kept(model.Path, begun) }, cancellation)).Path;
        if (path != model.Path) keys.Add(OverrideText.Text("model.path", path));
        foreach (var (key, files) in lists)
        {
            var pulled = new List<string>();
            foreach (var file in files) pulled.Add(await call.PulledFile(Kept(file, begun), cancellation));
            if (!pulled.SequenceEqual(files)) keys.Add(OverrideText.List(key, pulled));
        }
        return keys;
    }

    /// <summary>The same name, by the commit that a text has of it.</summary>
    private static string Kept(string path, string? begun)
    {
        if (begun is null || Path.Exists(path) || HubName.Parse(path) is not { Revision: null } name) return path;
        var known = Regex.Match(begun, $"(?<![A-Za-z0-9._-]){Regex.Escape(name.Id)}@([0-9a-f]{{40}})");
        return known.Success ? name.At(known.Groups[1].Value).ToString() : path;
    }

    /// <summary>The model, and each list of data files with its key.</summary>
    private static (ModelOptions Model, IEnumerable<(string Key, IReadOnlyList<string> Files)> Lists) Parts(object recipe) => recipe switch
    {
        TrainRecipe training => (training.Model, Lists(training.Task, training.Evaluation)),
        SftRecipe supervised => (supervised.Model, Lists(supervised.Task, supervised.Evaluation).Concat(Lists(supervised.Data))),
        EvaluateRecipe evaluation => (evaluation.Model, Lists("task", evaluation.Task)),
        _ => throw new ArgumentException($"It is not known what {recipe.GetType().Name} names.", nameof(recipe)),
    };

    private static IEnumerable<(string, IReadOnlyList<string>)> Lists(TaskOptions? own, EvaluationOptions evaluation) =>
        [.. Lists("task", own), .. evaluation.Further.SelectMany(further => Lists($"evaluation.further.{further.Key}.task", further.Value.Task))];

    private static IEnumerable<(string, IReadOnlyList<string>)> Lists(string key, TaskOptions? task) => task?.Files() is { } data
        ? [($"{key}.data.train", data.Train), ($"{key}.data.validation", data.Validation), ($"{key}.data.test", data.Test)] : [];

    private static IEnumerable<(string, IReadOnlyList<string>)> Lists(ExampleOptions? examples) => examples is { } data
        ? [("data.train", data.Train), ("data.validation", data.Validation)] : [];
}
