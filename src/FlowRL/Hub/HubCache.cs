using System.Text.Json;
using FlowRL.Files;

namespace FlowRL.Hub;

/// <summary>
/// A repository's folder in the cache, laid out as the hub's other tools have it, so that each finds what another fetched: <c>blobs</c> holds bytes by
/// their sum, <c>snapshots</c> a folder a commit with links to them, <c>refs</c> the commits of branches and tags, <c>.no_exist</c> what a commit has not.
/// </summary>
internal sealed class HubCache(string cache, HubRepository repository)
{
    public HubRepository Repository { get; } = repository;

    public string Folder { get; } = Path.Combine(cache, repository.Folder);

    /// <summary>What holds all repositories, of which the disk is asked.</summary>
    public string Root { get; } = cache;

    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string Blob(BlobSum sum) => Path.Combine(Folder, "blobs", sum.Hex);

    /// <summary>What is fetched of a blob so far.</summary>
    public string Partial(BlobSum sum) => $"{Blob(sum)}.incomplete";

    /// <summary>The file that whoever writes a blob has locked.</summary>
    public string Lock(BlobSum sum) => Path.Combine(Root, ".locks", Repository.Folder, $"{sum.Hex}.lock");

    /// <summary>The folder of a revision as far as the cache knows it; null where it knows nothing.</summary>
    public string? Find(string? revision)
    {
        var commit = Commit(revision ?? HubName.MainBranch);
        return commit is not null && Directory.Exists(Snapshot(commit)) ? Snapshot(commit) : null;
    }

    /// <summary>The commit that a revision stood for when it was last looked at.</summary>
    public string? Commit(string revision)
    {
        if (HubName.IsCommit(revision)) return revision;
        var file = Path.Combine(Folder, "refs", revision);
        return HubName.IsRevision(revision) && File.Exists(file) && File.ReadAllText(file).Trim() is var text && HubName.IsCommit(text) ? text : null;
    }

    /// <summary>Whether a model, or the file of it that is named, is there as a whole.</summary>
    public static bool IsWhole(string snapshot, HubName name, RepositoryKind kind)
    {
        bool Has(string file) => File.Exists(Path.Combine(snapshot, file));
        if (name.File is not null) return Has(name.File);
        if (!Directory.Exists(snapshot)) return false;
        if (kind == RepositoryKind.Dataset) return Files(snapshot).Any(WantedFiles.IsRows);
        if (Has(WantedFiles.AdapterConfig)) return Has(WantedFiles.AdapterWeights);
        if (!Has(WantedFiles.Config)) return OnlyGguf(snapshot) is not null;
        return WantedFiles.Vocabularies.Any(Has) && (Has(WantedFiles.Weights) || (Has(WantedFiles.Index) && Shards(snapshot).All(Has)));
    }

    /// <summary>The one .gguf file of a snapshot that holds no other model; null where there is none, or a choice.</summary>
    public static string? OnlyGguf(string snapshot) =>
        File.Exists(Path.Combine(snapshot, WantedFiles.Config)) ? null : Files(snapshot).Where(WantedFiles.IsGguf).Take(2).ToList() is [var only] ? only : null;

    /// <summary>Names in a snapshot, with slashes.</summary>
    public static IEnumerable<string> Files(string snapshot) => Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(snapshot, path).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private static List<string> Shards(string snapshot) => InputFile.ReadJson(Path.Combine(snapshot, WantedFiles.Index), "an index of weights", root =>
        root.TryGetProperty("weight_map", out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().Select(entry => entry.Value.ToString()).Distinct().Where(RepositoryPath.IsSafe).ToList() : []);

    /// <summary>Whether a snapshot's file is there with as many bytes as it is to have.</summary>
    public bool Holds(string commit, HubFile file) => Size(Path.Combine(Snapshot(commit), file.Name)) == file.Size;

    public bool HoldsBlob(HubFile file) => Size(Blob(file.Sum!)) == file.Size;

    /// <summary>The bytes of a file or of what it links to; below 0 where there is none.</summary>
    public static long Size(string path)
    {
        var info = new FileInfo(path);
        var target = info.Exists && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo blob ? blob : info;
        return target.Exists ? target.Length : -1;
    }

    /// <summary>Makes a snapshot's file a link to its blob; where the file system has no links, a copy.</summary>
    public void Link(string commit, HubFile file)
    {
        var path = Path.Combine(Snapshot(commit), file.Name);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporary = $"{path}.tmp-{Guid.NewGuid():N}";
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetRelativePath(folder, Blob(file.Sum!)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Copy(Blob(file.Sum!), temporary);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Notes what a revision stands for; once all of its files are there, so that nobody is led to half of them.</summary>
    public void Remember(string revision, string commit)
    {
        if (revision == commit || Commit(revision) == commit) return;
        var file = Path.Combine(Folder, "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        AtomicFile.Write(file, commit);
    }

    /// <summary>Notes that a commit has no file of this name, so that other tools need not ask.</summary>
    public void RememberMissing(string commit, string name)
    {
        var file = Path.Combine(Folder, ".no_exist", commit, name);
        if (File.Exists(file)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Create(file).Dispose();
    }
}
