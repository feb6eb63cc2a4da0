using System.Globalization;

namespace FlowRL.Hub;

/// <summary>An answer, and what the first of those that led to it said of the file.</summary>
internal sealed class HubAnswer(HttpResponseMessage response, HubAnswer? first) : IDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    public HttpResponseMessage Response { get; } = response;

    public int Status => (int)Response.StatusCode;

    /// <summary>The commit that the hub took the file from; null where it does not say.</summary>
    public string? Commit { get; } = first?.Commit ?? Header(response, "X-Repo-Commit");

    /// <summary>The file's sum; null where no answer has one.</summary>
    public BlobSum? Sum { get; } = first?.Sum ?? BlobSum.Parse(Header(response, "X-Linked-ETag")) ?? BlobSum.Parse(Header(response, "ETag"));

    /// <summary>The bytes of the whole file; null where it is not said.</summary>
    public long? FileSize { get; } = first?.FileSize ?? Number(Header(response, "X-Linked-Size"))
        ?? (response.IsSuccessStatusCode ? response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength : null);

    /// <summary>The byte at which the body begins.</summary>
    public long From => Status == 206 ? Response.Content.Headers.ContentRange?.From ?? 0 : 0;

    /// <summary>What kind of refusal this is, in the hub's own word; null where it has none.</summary>
    public string? ErrorCode => Header(Response, "X-Error-Code");

    /// <summary>How long to wait; null where it is not said.</summary>
    public TimeSpan? RetryAfter => Response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => Later(date - DateTimeOffset.UtcNow),
        _ => null,
    };

    /// <exception cref="HubException">The file is another commit's.</exception>
    public void RequireCommit(string commit)
    {
        if (Commit is not null && Commit != commit && HubName.IsCommit(Commit))
            throw new HubException($"The hub was asked for a file of commit {commit} and gives one of {Commit}; check HF_ENDPOINT, and try again.");
    }

    /// <summary>The bytes, each read of which ends where nothing comes for a minute.</summary>
    public async Task<Stream> BodyAsync(CancellationToken cancellation) =>
        new PatientStream(await Response.Content.ReadAsStreamAsync(cancellation), LongestSilence);

    /// <summary>Puts the answer away, which is not needed any more.</summary>
    public Exception Disposed(Exception failure)
    {
        Dispose();
        return failure;
    }

    public void Dispose() => Response.Dispose();

    private static TimeSpan Later(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Tells a connection that ends, or falls silent, from every other failure.</summary>
    private sealed class PatientStream(Stream body, TimeSpan silence) : Stream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(silence);
            try
            {
                return await body.ReadAsync(buffer, limit.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new PassingException("the connection fell silent", e);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new PassingException("the connection was cut", e);
            }
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) body.Dispose();
            base.Dispose(disposing);
        }
    }
}
