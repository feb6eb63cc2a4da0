using FlowRL.Hub;

namespace FlowRL.Checkpoints;

/// <summary>Fetches what a model path names and this machine has not: the model of a hub, and of adapters their base.</summary>
internal static class ModelPull
{
    /// <summary>Whether all of it is on this machine already, by its path.</summary>
    public static bool IsLocal(string path, bool withBase) => ModelPlace.IsLocal(path) && !(withBase && Base(path) is not null);

    /// <param name="path">A model path; one of this machine wins, and its near misses are said before anything is asked.</param>
    /// <param name="settings">Which hub.</param>
    /// <param name="watch">Told how it goes.</param>
    /// <param name="withBase">Whether adapters need their base too.</param>
    /// <param name="cancellation">Ends it; what is fetched is kept.</param>
    /// <returns>The path, a hub's name with its commit.</returns>
    /// <exception cref="BadInputException">It is a misspelt path, there is no such model, or it may not be read.</exception>
    /// <exception cref="HubException">The hub cannot be reached, or failed.</exception>
    public static async Task<string> RunAsync(string path, HubSettings settings, PullWatch watch, bool withBase, CancellationToken cancellation)
    {
        if (!ModelPlace.IsLocal(path))
        {
            if (ModelSource.IsRun(path) || HubName.Parse(path) is not { } name) return path; // whoever opens it says what is wrong
            if (ModelPlace.InCache(name) is null && LocalMiss.Of(name, Directory.GetCurrentDirectory()) is { } miss)
                throw new BadInputException($"model.path: {miss}");
            path = (await new HubPull(settings, watch).RunAsync(name, RepositoryKind.Model, cancellation)).Name.ToString();
        }
        if (withBase && Base(path) is { } below) await new HubPull(settings, watch).RunAsync(below, RepositoryKind.Model, cancellation);
        return path;
    }

    /// <summary>The hub's name of what a folder's adapters adapt; null where that lies here, or there are none.</summary>
    private static HubName? Base(string path)
    {
        var folder = Place(path);
        if (!AdapterFolder.Holds(folder)) return null;
        var config = AdapterConfigJson.Read(folder);
        return config.BaseModel is not { Length: > 0 } model || ModelPlace.IsLocal(model) || Path.Exists(Path.Combine(folder, model)) ? null
            : AdapterFolder.HubBase(config);
    }

    private static string Place(string path)
    {
        try
        {
            return ModelSource.Locate(path);
        }
        catch (BadInputException)
        {
            return path; // whoever opens it says it again
        }
    }
}
