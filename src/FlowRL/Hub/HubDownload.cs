using System.Security.Cryptography;

namespace FlowRL.Hub;

/// <summary>
/// Fetches single files of one commit into the cache: what is there already is kept, what was begun goes on, and a blob gets its name only when its
/// bytes have its sum. No more bytes are written than were announced.
/// </summary>
internal sealed class HubDownload(HubClient client, HubCache cache, string commit, Retries retries, Action<string> say)
{
    private const int Chunk = 1 << 20;

    /// <summary>Bytes that are on the disk already, whole or begun.</summary>
    public long Present(HubFile file)
    {
        if (cache.Holds(commit, file) || cache.HoldsBlob(file)) return file.Size!.Value;
        var partial = new FileInfo(cache.Partial(file.Sum!));
        return partial.Exists ? Math.Min(partial.Length, file.Size!.Value) : 0;
    }

    /// <param name="file">With size and sum.</param>
    /// <param name="progress">Told how many of its bytes are there.</param>
    /// <param name="cancellation">Ends it; what was fetched is kept.</param>
    /// <exception cref="HubException">The hub failed, or gave other bytes.</exception>
    public async Task FetchAsync(HubFile file, Action<long> progress, CancellationToken cancellation)
    {
        if (!cache.Holds(commit, file))
        {
            using var taken = await HubLock.TakeAsync(cache.Lock(file.Sum!), () => say($"{Subject(file)}: another process fetches it; waiting"), cancellation);
            if (!cache.HoldsBlob(file)) await FetchBlobAsync(file, progress, cancellation);
            cache.Link(commit, file);
        }
        progress(file.Size!.Value);
    }

    private async Task FetchBlobAsync(HubFile file, Action<long> progress, CancellationToken cancellation)
    {
        var (partial, blob) = (cache.Partial(file.Sum!), cache.Blob(file.Sum!));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await using (var stream = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0))
        {
            using var work = new Work(stream, file, progress);
            await work.BeginAsync(cancellation);
            var isResumed = stream.Length > 0;
            while (true)
            {
                await retries.RunAsync(Subject(file), () => GoOnAsync(work, cancellation), () => work.Received, cancellation);
                if (work.IsRight()) break;
                work.StartOver();
                if (!isResumed)
                {
                    throw new HubException($"{Subject(file)}: the bytes that came do not have the file's sum, and were thrown away; try again, and check " +
                        "HF_ENDPOINT and proxies where it happens twice.");
                }
                say($"{Subject(file)}: what was there of it is damaged; fetched from its beginning");
                isResumed = false;
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(partial, blob, overwrite: true);
    }

    private async Task GoOnAsync(Work work, CancellationToken cancellation)
    {
        var file = work.File;
        if (work.Left == 0) return;
        using var answer = await client.OpenAsync(cache.Repository, commit, file, work.Written, cancellation);
        if (answer.FileSize is { } size && size != file.Size) throw Other(file);
        if (answer.From != work.Written)
        {
            if (answer.From != 0) throw new PassingException("another part of the file came than was asked for");
            work.StartOver();
        }
        await using var body = await answer.BodyAsync(cancellation);
        for (var buffer = new byte[Chunk]; ;)
        {
            var count = await body.ReadAsync(buffer, cancellation);
            if (count > work.Left) throw Other(file);
            if (count == 0) break;
            await work.AddAsync(buffer.AsMemory(0, count), cancellation);
        }
        if (work.Left > 0) throw new PassingException("the connection was cut");
    }

    private HubException Other(HubFile file) => new(
        $"{Subject(file)}: the hub lists the file with {file.Size} bytes and gives another; nothing of it is kept. Check HF_ENDPOINT, and try again.");

    private string Subject(HubFile file) => $"{cache.Repository.Id}, {file.Name}";

    /// <summary>A file that grows, and the hash of what is in it.</summary>
    private sealed class Work(FileStream stream, HubFile file, Action<long> progress) : IDisposable
    {
        private readonly long _size = file.Size!.Value;
        private IncrementalHash _hash = file.Sum!.Begin(file.Size!.Value);

        public HubFile File { get; } = file;

        public long Written { get; private set; }

        public long Left => _size - Written;

        /// <summary>Bytes that came in all tries together.</summary>
        public long Received { get; private set; }

        /// <summary>Hashes what an earlier process left.</summary>
        public async Task BeginAsync(CancellationToken cancellation)
        {
            if (stream.Length > _size) stream.SetLength(0);
            stream.Position = 0;
            for (var buffer = new byte[Chunk]; await stream.ReadAsync(buffer, cancellation) is > 0 and var count; Written += count)
                _hash.AppendData(buffer, 0, count);
            progress(Written);
        }

        public async Task AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            await stream.WriteAsync(bytes, cancellation);
            _hash.AppendData(bytes.Span);
            Written += bytes.Length;
            Received += bytes.Length;
            progress(Written);
        }

        public bool IsRight() => Left == 0 && File.Sum!.Fits(_hash);

        public void StartOver()
        {
            stream.SetLength(0);
            stream.Position = 0;
            Written = 0;
            _hash.Dispose();
            _hash = File.Sum!.Begin(_size);
        }

        public void Dispose() => _hash.Dispose();
    }
}
