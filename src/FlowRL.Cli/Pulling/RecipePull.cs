using System.Text.RegularExpressions;
using FlowRL.Evaluation;
using FlowRL.Hub;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tasks.ProblemSets;

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
        var (model, tasks) = Parts(recipe);
        var keys = new List<string>();
        var path = (await call.Pulled(model with { Path = Kept(model.Path, begun) }, cancellation)).Path;
        if (path != model.Path) keys.Add(OverrideText.Text("model.path", path));
        foreach (var (key, task) in tasks)
        {
            if (task.Files() is not { } data) continue;
            foreach (var (split, files) in Splits(data))
            {
                var pulled = new List<string>();
                foreach (var file in files) pulled.Add(await call.PulledFile(Kept(file, begun), cancellation));
                if (!pulled.SequenceEqual(files)) keys.Add(OverrideText.List($"{key}.data.{split}", pulled));
            }
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

    /// <summary>The model, and each task with its key.</summary>
    private static (ModelOptions Model, IEnumerable<(string Key, TaskOptions Task)> Tasks) Parts(object recipe) => recipe switch
    {
        TrainRecipe training => (training.Model, Tasks(training.Task, training.Evaluation)),
        SftRecipe supervised => (supervised.Model, Tasks(supervised.Task, supervised.Evaluation)),
        EvaluateRecipe evaluation => (evaluation.Model, [("task", evaluation.Task)]),
        _ => throw new ArgumentException($"It is not known what {recipe.GetType().Name} names.", nameof(recipe)),
    };

    private static IEnumerable<(string, TaskOptions)> Tasks(TaskOptions own, EvaluationOptions evaluation) => evaluation.Further
        .Where(further => further.Value.Task is not null).Select(further => ($"evaluation.further.{further.Key}.task", further.Value.Task!))
        .Prepend(("task", own));

    private static IEnumerable<(string Key, IReadOnlyList<string> Files)> Splits(DataOptions data) =>
        [("train", data.Train), ("validation", data.Validation), ("test", data.Test)];
}
