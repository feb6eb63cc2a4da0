using System.Text.RegularExpressions;

namespace FlowRL.Hub;

/// <summary>
/// What a hub calls a model or a data set: <c>org/name</c>, and where wanted a revision and one of its files, <c>org/name@revision:folder/file</c>.
/// Only texts of this form ever reach the network.
/// </summary>
/// <param name="Id">Organisation or user, and name.</param>
/// <param name="Revision">A branch, a tag or a commit; null for the main branch.</param>
/// <param name="File">One file in it; null for those that are needed.</param>
internal sealed partial record HubName(string Id, string? Revision = null, string? File = null)
{
    public const string MainBranch = "main";

    private const int LongestId = 96;
    private const int LongestRevision = 255;

    /// <summary>What files are called, and models are not: such a text is a path, whether something is there or not.</summary>
    private static readonly string[] FileEndings =
    [
        ".gguf", ".bin", ".pt", ".safetensors", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".gz", ".zip", ".yaml", ".yml", ".txt", ".git",
    ];

    /// <summary>Whether the revision is a commit, which never changes.</summary>
    public bool IsPinned => Revision is { } revision && IsCommit(revision);

    /// <summary>Null for a text of any other form.</summary>
    public static HubName? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success) return null;
        var id = match.Groups["id"].Value;
        var revision = match.Groups["revision"] is { Success: true } given ? given.Value : null;
        var file = match.Groups["file"] is { Success: true } named ? named.Value : null;
        var isFile = revision is null && file is null && FileEndings.Any(ending => id.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return isFile || id.Length > LongestId || id.Contains("--", StringComparison.Ordinal) || id.Contains("..", StringComparison.Ordinal)
            || id[^1] is '-' or '.' || (revision is not null && !IsRevision(revision)) || (file is not null && !RepositoryPath.IsSafe(file))
            ? null : new HubName(id, revision, file);
    }

    /// <summary>Whether a text can be a branch, a tag or a commit, and nothing that leaves a folder.</summary>
    public static bool IsRevision(string text) => text.Length <= LongestRevision && Revisions().IsMatch(text) && RepositoryPath.IsSafe(text);

    public static bool IsCommit(string text) => Commit().IsMatch(text);

    public HubName At(string revision) => this with { Revision = revision };

    public override string ToString() => $"{Id}{(Revision is null ? "" : $"@{Revision}")}{(File is null ? "" : $":{File}")}";

    [GeneratedRegex(@"\A(?<id>[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*)(?:@(?<revision>[^\s:@]+))?(?::(?<file>\S(?:.*\S)?))?\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/-]*\z")]
    private static partial Regex Revisions();

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}

/// <summary>A repository of a hub.</summary>
internal sealed record HubRepository(RepositoryKind Kind, string Id)
{
    private string Plural => Kind == RepositoryKind.Model ? "models" : "datasets";

    /// <summary>For messages.</summary>
    public string Word => Kind == RepositoryKind.Model ? "model" : "data set";

    /// <summary>Its folder in the cache, by the name that other tools give it.</summary>
    public string Folder => $"{Plural}--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>Where its description is asked for, below the hub's address.</summary>
    public string Api => $"api/{Plural}/{Id}";

    /// <summary>Its page, below the hub's address.</summary>
    public string Page => Kind == RepositoryKind.Model ? Id : $"{Plural}/{Id}";
}

/// <summary>What a repository holds.</summary>
internal enum RepositoryKind
{
    Model,
    Dataset,
}
