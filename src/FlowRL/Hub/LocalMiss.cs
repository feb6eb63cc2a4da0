using FlowRL.Configuration;

namespace FlowRL.Hub;

/// <summary>Whether a text of a hub's form was meant for a path on this machine that is spelt otherwise. Asked before anything reaches the network.</summary>
internal static class LocalMiss
{
    private const int MostLookedAt = 2000;

    /// <summary>A sentence where it was; null where it can only be a hub's name.</summary>
    /// <param name="name">Nothing lies at the path of this form.</param>
    /// <param name="folder">Where paths begin.</param>
    public static string? Of(HubName name, string folder)
    {
        // No path is written with these.
        if (name.Revision is not null || name.File is not null) return null;
        var (first, second) = (name.Id[..name.Id.IndexOf('/')], name.Id[(name.Id.IndexOf('/') + 1)..]);
        var here = Names(folder, onlyFolders: true).Where(one => one == first || Spelling.Distance(one, first) <= Math.Max(1, first.Length / 3))
            .OrderBy(one => Spelling.Distance(one, first)).ToList();
        foreach (var near in here)
        {
            if (Spelling.Nearest(second, Names(Path.Combine(folder, near), onlyFolders: false)) is { } found)
                return $"'{name}' does not exist; did you mean '{near}/{found}'? {Otherwise(name)}";
        }
        return !here.Contains(first) ? null
            : $"'{name}' does not exist, and '{first}' is a folder of yours, so that the hub is not asked for it. {Otherwise(name)}";
    }

    private static string Otherwise(HubName name) => $"The hub's {name} is '{name.At(HubName.MainBranch)}' here.";

    private static List<string> Names(string folder, bool onlyFolders)
    {
        try
        {
            var paths = onlyFolders ? Directory.EnumerateDirectories(folder) : Directory.EnumerateFileSystemEntries(folder);
            return [.. paths.Take(MostLookedAt).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
