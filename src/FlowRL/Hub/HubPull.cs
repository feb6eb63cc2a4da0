using FlowRL.Files;

namespace FlowRL.Hub;

/// <summary>A whole repository, or what of it is needed, from its name to its folder in the cache.</summary>
/// <param name="settings">Of whom, as whom, and where to.</param>
/// <param name="watch">Told how it goes.</param>
/// <param name="wait">Lets time pass between tries; the clock's where null.</param>
internal sealed class HubPull(HubSettings settings, PullWatch watch, Func<TimeSpan, CancellationToken, Task>? wait = null)
{
    // What else writes to the disk meanwhile.
    private const long Spare = 64 << 20;

    // What a listing claims may have no sum.
    private const double Most = 1e18;

    private readonly Retries _retries = new(wait ?? Task.Delay, watch.Say);

    /// <param name="name">What is wanted.</param>
    /// <param name="kind">Of which kind.</param>
    /// <param name="cancellation">Ends it; what is fetched stays, and the next goes on from there.</param>
    /// <exception cref="BadInputException">There is no such repository, it may not be read, or nothing in it can be.</exception>
    /// <exception cref="HubException">The hub cannot be reached, or failed.</exception>
    public async Task<PulledRepository> RunAsync(HubName name, RepositoryKind kind, CancellationToken cancellation)
    {
        var cache = new HubCache(settings.Cache, new HubRepository(kind, name.Id));
        var known = cache.Find(name.Revision) is { } snapshot && HubCache.IsWhole(snapshot, name, kind) ? snapshot : null;
        // A commit does not change, but of a data set it is not known what else there is.
        if (known is not null && name.IsPinned && (kind == RepositoryKind.Model || name.File is not null)) return Found(cache, name, known);
        if (settings.IsOffline)
        {
            return known is not null ? Found(cache, name, known) : throw new BadInputException(
                $"{name}: is not in the cache ({settings.Cache}), and HF_HUB_OFFLINE says that nothing may be fetched; unset it, or fetch it elsewhere.");
        }
        using var client = new HubClient(settings);
        HubListing listing;
        try
        {
            listing = await ListAsync(client, cache, name, known is not null, cancellation);
        }
        catch (HubException unreachable) when (known is not null && unreachable.InnerException is PassingException { IsUnreachable: true } cause)
        {
            watch.Say($"{name}: {cause.Message}; what was fetched before is used, commit {Path.GetFileName(known)}");
            return Found(cache, name, known);
        }
        return await FetchAsync(client, cache, name, listing, cancellation);
    }

    private Task<HubListing> ListAsync(HubClient client, HubCache cache, HubName name, bool isKnown, CancellationToken cancellation) =>
        isKnown ? _retries.RunAsync(name.Id, () => client.ListAsync(cache.Repository, name.Revision, cancellation), unreachable: 0, cancellation: cancellation)
            : _retries.RunAsync(name.Id, () => client.ListAsync(cache.Repository, name.Revision, cancellation), cancellation: cancellation);

    private async Task<PulledRepository> FetchAsync(HubClient client, HubCache cache, HubName name, HubListing listing, CancellationToken cancellation)
    {
        var kind = cache.Repository.Kind;
        var pinned = name.At(listing.Commit);
        var files = new List<HubFile>();
        foreach (var file in WantedFiles.Of(listing, name, kind))
        {
            files.Add(file.IsKnown ? file
                : await _retries.RunAsync(name.Id, () => client.LookAsync(cache.Repository, listing.Commit, file, cancellation), cancellation: cancellation));
        }
        var download = new HubDownload(client, cache, listing.Commit, _retries, watch.Say);
        var present = files.ToDictionary(file => file.Name, download.Present);
        var all = (long)Math.Min(Most, files.Sum(file => (double)file.Size!.Value));
        RequireSpace(name, all - present.Values.Sum());
        if (present.Values.Sum() < all)
        {
            watch.Say($"{name}: commit {listing.Commit}, {files.Count} {(files.Count == 1 ? "file" : "files")}, {MachineMemory.Size(all)}, to {cache.Folder}");
        }
        foreach (var file in files)
        {
            await download.FetchAsync(file, bytes =>
            {
                present[file.Name] = bytes;
                watch.Report(new PullProgress(name.Id, file.Name, present.Values.Sum(), all));
            }, cancellation);
        }
        Remember(cache, name, listing);
        return new PulledRepository(pinned, cache.Snapshot(listing.Commit), [.. files.Select(file => file.Name)], all);
    }

    private static void Remember(HubCache cache, HubName name, HubListing listing)
    {
        try
        {
            cache.Remember(name.Revision ?? HubName.MainBranch, listing.Commit);
            if (cache.Repository.Kind != RepositoryKind.Model || name.File is not null) return;
            foreach (var missing in WantedFiles.Small.Except(listing.Files.Select(file => file.Name))) cache.RememberMissing(listing.Commit, missing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that somebody else keeps: what is wanted is there.
        }
    }

    private static PulledRepository Found(HubCache cache, HubName name, string snapshot)
    {
        var files = name.File is { } file ? [file] : HubCache.Files(snapshot)
            .Where(found => cache.Repository.Kind == RepositoryKind.Model || WantedFiles.IsRows(found)).ToList();
        return new PulledRepository(name.At(Path.GetFileName(snapshot)), snapshot, files, files.Sum(found => HubCache.Size(Path.Combine(snapshot, found))));
    }

    private void RequireSpace(HubName name, long bytes)
    {
        if (bytes == 0) return;
        Directory.CreateDirectory(settings.Cache);
        var free = new DriveInfo(settings.Cache).AvailableFreeSpace;
        if (bytes > free - Spare)
        {
            throw new BadInputException($"{name}: needs {MachineMemory.Size(bytes)} in {settings.Cache}, where {MachineMemory.Size(free)} are free; free " +
                "some space, or set HF_HUB_CACHE to a folder on another disk.");
        }
    }
}

/// <summary>What is in the cache now.</summary>
/// <param name="Name">With its commit.</param>
/// <param name="Folder">The snapshot.</param>
/// <param name="Files">In the folder, with slashes.</param>
/// <param name="Bytes">Of all of them.</param>
internal sealed record PulledRepository(HubName Name, string Folder, IReadOnlyList<string> Files, long Bytes);

/// <summary>How far a repository is fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">The file at hand.</param>
/// <param name="Done">Bytes of all files that are there.</param>
/// <param name="All">Bytes of all files.</param>
internal sealed record PullProgress(string Name, string File, long Done, long All);

/// <summary>Who is told how a fetch goes.</summary>
/// <param name="Say">Sentences.</param>
/// <param name="Report">Progress, often; from whatever thread, one after the other.</param>
internal sealed record PullWatch(Action<string> Say, Action<PullProgress> Report);
