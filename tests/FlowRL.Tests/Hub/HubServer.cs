using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowRL.Tests.Hub;

/// <summary>
/// A hub on this machine that speaks the routes of the real one: descriptions of repositories, and files of a commit, large ones at a storage of another
/// address. What goes wrong is said by <see cref="Rule"/>.
/// </summary>
internal sealed class HubServer : IDisposable
{
    private readonly WebEnd _hub;
    private readonly WebEnd _storage;
    private readonly ConcurrentDictionary<string, HubContent> _repositories = new();

    public HubServer()
    {
        _hub = new WebEnd(request => Rule?.Invoke(request) ?? Answer(request));
        _storage = new WebEnd(request => StorageRule?.Invoke(request) ?? Stored(request));
    }

    public string Endpoint => _hub.Address;

    public string Storage => _storage.Address;

    /// <summary>What the hub answers instead of what it has; null for what it has.</summary>
    public Func<WebRequest, WebReply?>? Rule { get; set; }

    /// <summary>The same for the storage of large files.</summary>
    public Func<WebRequest, WebReply?>? StorageRule { get; set; }

    public IReadOnlyList<WebRequest> Requests => [.. _hub.Requests];

    public IReadOnlyList<WebRequest> StorageRequests => [.. _storage.Requests];

    /// <summary>Those for files, as name and first byte.</summary>
    public IEnumerable<string> Fetched => Requests.Concat(StorageRequests).Where(request => request.Method == "GET" && !request.Path.StartsWith("/api/", StringComparison.Ordinal))
        .Select(request => $"{request.Path.Split('?')[0].Split('/')[^1]} {request.Headers.GetValueOrDefault("Range", "")}".Trim());

    public HubContent Add(string id, params (string Name, byte[] Bytes)[] files) => Add("models", id, files);

    /// <param name="kind">models or datasets.</param>
    /// <param name="id">Organisation and name.</param>
    /// <param name="files">Safetensors, GGUF and Parquet files are kept at the storage.</param>
    public HubContent Add(string kind, string id, params (string Name, byte[] Bytes)[] files) =>
        _repositories[$"{kind}/{id}"] = new HubContent(files.ToDictionary(file => file.Name, file => file.Bytes));

    public WebReply Answer(WebRequest request)
    {
        var path = Uri.UnescapeDataString(request.Path.Split('?')[0]).Trim('/').Split('/');
        if (path is ["api", var kind, var owner, var name, "revision", .. var revision])
        {
            if (!_repositories.TryGetValue($"{kind}/{owner}/{name}", out var content)) return WebReply.Error(404, "RepoNotFound");
            return content.Revisions.TryGetValue(string.Join('/', revision), out var commit)
                ? WebReply.Json(content.Describe(commit, withBlobs: request.Path.EndsWith("blobs=true", StringComparison.Ordinal)))
                : WebReply.Error(404, "RevisionNotFound");
        }
        var place = path is ["datasets", ..] ? path[1..] : path;
        if (place is not [var user, var repository, "resolve", var at, .. var file]) return WebReply.Error(404, null);
        if (!_repositories.TryGetValue($"{(path is ["datasets", ..] ? "datasets" : "models")}/{user}/{repository}", out var files)) return WebReply.Error(404, "RepoNotFound");
        var key = string.Join('/', file);
        if (!files.Files.TryGetValue(key, out var bytes)) return WebReply.Error(404, "EntryNotFound");
        if (!HubContent.IsLarge(key)) return WebReply.File(bytes, request, ("ETag", $"\"{HubContent.GitSum(bytes)}\""), ("X-Repo-Commit", at));
        return new WebReply(302, [], ("Location", $"{Storage}/{HubContent.Sum(bytes)}?signature=secret-of-storage"), ("X-Repo-Commit", at),
            ("X-Linked-ETag", $"\"{HubContent.Sum(bytes)}\""), ("X-Linked-Size", bytes.Length.ToString(CultureInfo.InvariantCulture)), ("ETag", "\"of-the-pointer\""));
    }

    public WebReply Stored(WebRequest request)
    {
        var bytes = _repositories.Values.SelectMany(content => content.Files.Values).FirstOrDefault(one => request.Path.StartsWith($"/{HubContent.Sum(one)}", StringComparison.Ordinal));
        return bytes is null ? WebReply.Error(403, null) : WebReply.File(bytes, request, ("ETag", "\"the storage's own\""));
    }

    public void Dispose()
    {
        _hub.Dispose();
        _storage.Dispose();
    }
}

/// <summary>A repository: its files, and what its branches stand for.</summary>
internal sealed class HubContent
{
    public HubContent(Dictionary<string, byte[]> files)
    {
        Files = files;
        Commit = Move();
    }

    public Dictionary<string, byte[]> Files { get; }

    public ConcurrentDictionary<string, string> Revisions { get; } = new();

    public string Commit { get; private set; }

    /// <summary>Makes a commit of what is there, to which main goes on.</summary>
    public string Move()
    {
        Commit = Sum(Encoding.UTF8.GetBytes(string.Join(';', Files.Select(file => $"{file.Key}={Sum(file.Value)}"))))[..40];
        Revisions["main"] = Revisions[Commit] = Commit;
        return Commit;
    }

    public object Describe(string commit, bool withBlobs) => new
    {
        id = "whatever",
        sha = commit,
        siblings = Files.Select(file => !withBlobs ? new { rfilename = file.Key } : !IsLarge(file.Key)
            ? new { rfilename = file.Key, size = file.Value.Length, blobId = GitSum(file.Value) }
            : (object)new { rfilename = file.Key, size = file.Value.Length, blobId = new string('0', 40), lfs = new { sha256 = Sum(file.Value), size = file.Value.Length, pointerSize = 135 } }),
    };

    public static bool IsLarge(string name) => Path.GetExtension(name) is ".safetensors" or ".gguf" or ".parquet" or ".bin";

    public static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string GitSum(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What a client asked.</summary>
internal sealed record WebRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What it sends along, as text.</summary>
    public string Body { get; init; } = "";
}

/// <summary>What it is answered.</summary>
internal sealed record WebReply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Bytes of the body after which the connection is cut; null for a whole body.</summary>
    public int? Cut { get; init; }

    /// <summary>Held back until this ends.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public static WebReply Json(object value) => new(200, JsonSerializer.SerializeToUtf8Bytes(value), ("Content-Type", "application/json"));

    public static WebReply Error(int status, string? code) => new(status, Encoding.UTF8.GetBytes("said by a server"), code is null ? [] : [("X-Error-Code", code)]);

    /// <summary>A file, or the part of it that is asked for.</summary>
    public static WebReply File(byte[] bytes, WebRequest request, params (string Name, string Value)[] headers)
    {
        var tag = headers.FirstOrDefault(header => header.Name == "ETag").Value;
        if (!request.Headers.TryGetValue("Range", out var range) || request.Headers.TryGetValue("If-Range", out var only) && only != tag)
            return new WebReply(200, bytes, headers);
        var from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        return from >= bytes.Length ? Error(416, null)
            : new WebReply(206, bytes[from..], [.. headers, ("Content-Range", $"bytes {from}-{bytes.Length - 1}/{bytes.Length}")]);
    }

    public WebReply CutAfter(int bytes) => this with { Cut = bytes };
}

/// <summary>A web server that answers one request a connection, exactly as it is told.</summary>
internal sealed class WebEnd : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<WebRequest, WebReply> _answer;

    public WebEnd(Func<WebRequest, WebReply> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = ListenAsync();
    }

    public string Address { get; }

    public ConcurrentQueue<WebRequest> Requests { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                var reply = _answer(request);
                await reply.Gate;
                var length = reply.Headers.Any(header => header.Name == "Content-Length") ? [] : new[] { ("Content-Length", reply.Body.Length.ToString(CultureInfo.InvariantCulture)) };
                var head = new StringBuilder($"HTTP/1.1 {reply.Status} Said\r\nConnection: close\r\n");
                foreach (var (name, value) in reply.Headers.Concat(length).Where(header => header.Item2 != "")) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
                if (request.Method != "HEAD") await stream.WriteAsync(reply.Body.AsMemory(0, reply.Cut ?? reply.Body.Length));
                await stream.FlushAsync();
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (IOException)
            {
                // Who asked has gone.
            }
        }
    }

    private static async Task<WebRequest?> ReadAsync(NetworkStream stream)
    {
        var (bytes, buffer) = (new MemoryStream(), new byte[4096]);
        async Task<bool> MoreAsync()
        {
            var count = await stream.ReadAsync(buffer);
            bytes.Write(buffer, 0, count);
            return count > 0;
        }

        int head;
        while ((head = bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf("\r\n\r\n"u8)) < 0) if (!await MoreAsync()) return null;
        var lines = Encoding.ASCII.GetString(bytes.GetBuffer(), 0, head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var end = head + 4 + (headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0);
        while (bytes.Length < end) if (!await MoreAsync()) return null;
        return new WebRequest(first[0], first[1], headers) { Body = Encoding.UTF8.GetString(bytes.GetBuffer(), head + 4, end - head - 4) };
    }
}
