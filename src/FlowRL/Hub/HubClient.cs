using System.Net;
using System.Net.Http.Headers;

namespace FlowRL.Hub;

/// <summary>
/// Requests to a hub. Redirects are followed here and not by the framework: the token goes to the hub's own address alone, and what the hub says of a
/// file stands in the first answer. No message holds an address with a query, where storages keep their signatures.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;
    private const long LargestListing = 64 << 20;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(60);

    private readonly HubSettings _settings;
    private readonly Uri _endpoint;
    private readonly HttpClient _http;

    public HubClient(HubSettings settings)
    {
        (_settings, _endpoint) = (settings, new Uri(settings.Endpoint));
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("flowrl", typeof(HubClient).Assembly.GetName().Version?.ToString(3)));
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity")); // sizes are those of the files
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What a repository holds at a revision.</summary>
    /// <exception cref="PassingException">Another try may help.</exception>
    /// <exception cref="BadInputException">There is none, or it may not be read.</exception>
    public async Task<HubListing> ListAsync(HubRepository repository, string? revision, CancellationToken cancellation)
    {
        var address = $"{_settings.Endpoint}/{repository.Api}/revision/{Uri.EscapeDataString(revision ?? HubName.MainBranch)}?blobs=true";
        using var answer = await SendAsync(HttpMethod.Get, address, new HubSubject(repository, revision, null), null, cancellation);
        var bytes = new MemoryStream();
        await using var body = await answer.BodyAsync(cancellation);
        for (var buffer = new byte[1 << 16]; await body.ReadAsync(buffer, cancellation) is > 0 and var count;)
        {
            bytes.Write(buffer, 0, count);
            if (bytes.Length > LargestListing)
                throw new BadInputException($"{repository.Id}: the hub's list of its files is too long to be read; fetch it with another tool.");
        }
        return HubListing.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), repository.Id);
    }

    /// <summary>What the hub says of a file of which its listing says too little.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<HubFile> LookAsync(HubRepository repository, string commit, HubFile file, CancellationToken cancellation)
    {
        var subject = new HubSubject(repository, commit, file.Name);
        using var answer = await SendAsync(HttpMethod.Head, AddressOf(repository, commit, file), subject, null, cancellation);
        answer.RequireCommit(commit);
        var known = file with { Size = file.Size ?? answer.FileSize, Sum = file.Sum ?? answer.Sum };
        return known.IsKnown ? known : throw new BadInputException(
            $"{repository.Id}: {_settings.Endpoint} does not say the size and the sum of '{file.Name}', without which nothing is fetched; check HF_ENDPOINT.");
    }

    /// <summary>Opens a file at some byte; the answer says at which it begins.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public async Task<HubAnswer> OpenAsync(HubRepository repository, string commit, HubFile file, long from, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, AddressOf(repository, commit, file), new HubSubject(repository, commit, file.Name),
            from > 0 ? new HubRange(from, file.Sum!) : null, cancellation);
        try
        {
            answer.RequireCommit(commit);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private string AddressOf(HubRepository repository, string commit, HubFile file) =>
        $"{_settings.Endpoint}/{repository.Page}/resolve/{commit}/{RepositoryPath.Escape(file.Name)}";

    private async Task<HubAnswer> SendAsync(HttpMethod method, string address, HubSubject subject, HubRange? range, CancellationToken cancellation)
    {
        var uri = new Uri(address);
        HubAnswer? first = null;
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            var response = await SendOnceAsync(method, uri, range, cancellation);
            var answer = new HubAnswer(response, first);
            if (IsRedirect(response) && response.Headers.Location is { } location)
            {
                var next = new Uri(uri, location);
                if (next.Scheme is not ("https" or "http") || (uri.Scheme == "https" && next.Scheme == "http"))
                    throw answer.Disposed(new HubException($"{subject}: {Host(uri)} leads to {next.Scheme}://{Host(next)}, which is not followed."));
                // The file itself may lie elsewhere; what is asked of it is here.
                if (method == HttpMethod.Head && !IsOwn(next)) return answer;
                first ??= answer;
                response.Dispose();
                uri = next;
                continue;
            }
            if (!response.IsSuccessStatusCode) throw answer.Disposed(HubRefusal.Of(answer, subject, _settings, Host(uri), IsOwn(uri)));
            return answer;
        }
        throw new HubException($"{subject}: {Host(uri)} leads from one address to another without an end; check HF_ENDPOINT.");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri uri, HubRange? range, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, uri);
        if (IsOwn(uri)) request.Headers.Authorization = _settings.Token?.Header;
        if (range is not null)
        {
            request.Headers.Range = new RangeHeaderValue(range.From, null);
            // Elsewhere a file has other tags; there its sum tells whether it is the same.
            if (IsOwn(uri)) request.Headers.IfRange = new RangeConditionHeaderValue($"\"{range.Sum.Hex}\"");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestAnswer);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new PassingException($"{Host(uri)} does not answer", e);
        }
        catch (HttpRequestException e)
        {
            var isUnreachable = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.ProxyTunnelError;
            throw new PassingException(e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => $"{Host(uri)} is not found",
                HttpRequestError.ConnectionError => $"{Host(uri)} cannot be reached",
                HttpRequestError.ProxyTunnelError => $"the proxy does not lead to {Host(uri)}",
                HttpRequestError.SecureConnectionError => $"no secure connection to {Host(uri)} comes about",
                _ => $"{Host(uri)} ended the connection",
            }, e)
            { IsUnreachable = isUnreachable };
        }
    }

    private bool IsOwn(Uri uri) => uri.Scheme == _endpoint.Scheme && uri.Host == _endpoint.Host && uri.Port == _endpoint.Port;

    private static string Host(Uri uri) => uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";

    private static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private sealed record HubRange(long From, BlobSum Sum);
}

/// <summary>What a request is about, for messages.</summary>
internal sealed record HubSubject(HubRepository Repository, string? Revision, string? File)
{
    public override string ToString() => File is null ? Repository.Id : $"{Repository.Id}, {File}";
}
