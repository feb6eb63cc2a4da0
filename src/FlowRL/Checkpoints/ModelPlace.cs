using FlowRL.Hub;
using FlowRL.Models;

namespace FlowRL.Checkpoints;

/// <summary>
/// Where on this machine a model path leads: an embedded model's folder, a path as it is, or what was fetched of a hub's name. A path that exists wins
/// over a name. Nothing is fetched here, so that loading a model never opens a connection.
/// </summary>
internal static class ModelPlace
{
    /// <summary>The file or folder; a path that leads nowhere as it is.</summary>
    public static string Resolve(string path) => IsLocal(path) ? EmbeddedModels.Resolve(path)
        : HubName.Parse(path) is { } name && InCache(name) is { } snapshot ? Model(snapshot, name) : path;

    /// <summary>Whether a path is one of this machine, or of the library's own models.</summary>
    public static bool IsLocal(string path) => path.StartsWith(EmbeddedModels.PathPrefix, StringComparison.Ordinal) || Path.Exists(path);

    /// <summary>The snapshot of a model that was fetched as a whole; null where none was.</summary>
    public static string? InCache(HubName name)
    {
        var cache = new HubCache(HubSettings.CacheFolder(Environment.GetEnvironmentVariable), new HubRepository(RepositoryKind.Model, name.Id));
        return cache.Find(name.Revision) is { } snapshot && HubCache.IsWhole(snapshot, name, RepositoryKind.Model) ? snapshot : null;
    }

    /// <summary>The same model, a hub's by the commit that its name stands for now, so that it is the same when it is read again.</summary>
    public static ModelOptions Pinned(ModelOptions model) => model.Create is null ? model with { Path = Pinned(model.Path) } : model;

    /// <summary>What messages and adapters call a model: an embedded one's name, a hub's with its commit, or a full path.</summary>
    public static string Name(string path, string place) => path.StartsWith(EmbeddedModels.PathPrefix, StringComparison.Ordinal) ? path
        : Pinned(path) is var pinned && pinned != path || HubName.Parse(path) is { IsPinned: true } && !Path.Exists(path) ? pinned : Path.GetFullPath(place);

    private static string Pinned(string path) => !IsLocal(path) && HubName.Parse(path) is { } name && InCache(name) is { } snapshot
        ? name.At(Path.GetFileName(snapshot)).ToString() : path;

    private static string Model(string snapshot, HubName name) =>
        (name.File ?? HubCache.OnlyGguf(snapshot)) is { } file ? Path.Combine(snapshot, file) : snapshot;
}
