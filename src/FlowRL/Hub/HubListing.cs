using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;

namespace FlowRL.Hub;

/// <summary>What a repository holds at one commit, as the hub describes it. It is a stranger's word: names and sizes are checked here.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">In the order of their names.</param>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    /// <exception cref="BadInputException">It is no description of a repository, or names files that would land elsewhere.</exception>
    public static HubListing Parse(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            if (StrictJson.Parse(json) is not JsonObject root) throw Unreadable(source);
            var commit = Text(root["sha"]);
            if (commit is null || !HubName.IsCommit(commit)) throw Unreadable(source);
            var files = (root["siblings"] as JsonArray ?? []).Select(entry => File(entry as JsonObject, source));
            return new HubListing(commit, [.. files.DistinctBy(file => file.Name).OrderBy(file => file.Name, StringComparer.Ordinal)]);
        }
        catch (JsonException e)
        {
            throw new BadInputException(Unreadable(source).Message, e);
        }
    }

    private static HubFile File(JsonObject? entry, string source)
    {
        var name = Text(entry?["rfilename"]) ?? throw Unreadable(source);
        if (!RepositoryPath.IsSafe(name))
        {
            throw new BadInputException($"{source}: it names a file '{name}', which would be written outside of its own folder; nothing is taken from it.");
        }
        var large = entry!["lfs"] as JsonObject;
        var size = Whole(large?["size"]) ?? Whole(entry["size"]);
        if (size is < 0 or > 1L << 60) throw Unreadable(source);
        return new HubFile(name, size, BlobSum.Parse(Text(large is null ? entry["blobId"] : large["sha256"])));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static BadInputException Unreadable(string source) =>
        new($"{source}: the answer is no description of a repository; check HF_ENDPOINT, and whether a proxy stands between.");
}

/// <summary>A file of a repository.</summary>
/// <param name="Name">With slashes.</param>
/// <param name="Size">In bytes; null where the listing does not say it.</param>
/// <param name="Sum">Null likewise.</param>
internal sealed record HubFile(string Name, long? Size, BlobSum? Sum)
{
    /// <summary>Whether all is known that is to be checked.</summary>
    public bool IsKnown => Size is not null && Sum is not null;
}
