using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net.Http.Headers;
using FlowRL.Lab.Judging;
using Microsoft.Extensions.AI;
using OpenAI;

namespace FlowRL.Cli.Judging;

/// <summary>
/// A server that speaks OpenAI's chat API, and what its failures mean. Nothing of its own text is shown: it is a stranger's, and could hold the key.
/// </summary>
internal sealed class ChatServer
{
    /// <summary>The environment variable that holds the server's key.</summary>
    public const string KeyVariable = "OPENAI_API_KEY";

    /// <summary>Bytes of an answer. A judge says a word.</summary>
    private const int LargestAnswer = 1 << 20;

    /// <summary>Tries after the first where nobody is there, or somebody else.</summary>
    private const int FewRetries = 2;

    private readonly Uri _url;
    private readonly string? _key;

    private ChatServer(Uri url, string? key) => (_url, _key) = (url, key);

    private string Host => _url.Authority;

    /// <param name="url">As it was given.</param>
    /// <param name="key">Null where there is none.</param>
    /// <param name="say">Told where the key is not sent.</param>
    /// <exception cref="BadInputException">It is no address, or holds a password.</exception>
    public static ChatServer Of(string url, string? key, Action<string> say)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new BadInputException($"--url {url}: is no address of a server; give one such as http://127.0.0.1:8000/v1.");
        if (address.UserInfo != "") throw new BadInputException($"--url: holds a password; give the key of the server in {KeyVariable}.");
        if (string.IsNullOrWhiteSpace(key)) return new ChatServer(address, null);
        if (address.Scheme == "https" || address.IsLoopback) return new ChatServer(address, key.Trim());
        say($"{KeyVariable} is not sent to {address.Authority}, for http:// would show it to everybody on the way; use https://, or a tunnel to this machine.");
        return new ChatServer(address, null);
    }

    /// <summary>A client of one model there. It tries nothing twice, follows nobody elsewhere, and has no limit of time: a judge sees to these.</summary>
    public IChatClient Client(string model)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        var http = new HttpClient(new BoundedHandler(handler, _key is not null)) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new OpenAIClientOptions
        {
            Endpoint = _url,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        return new ServerClient(this, new OpenAIClient(new ApiKeyCredential(_key ?? "none"), options).GetChatClient(model).AsIChatClient(), http);
    }

    /// <summary>What a failure of a client means.</summary>
    public static JudgeFailure Failure(Exception failure) =>
        failure is ServerException known ? known.Failure : new JudgeFailure(JudgeFailureKind.Final, JudgeFailure.Line(failure.Message));

    private JudgeFailure Meaning(Exception failure) => failure switch
    {
        ClientResultException { Status: > 0 } answer => OfStatus(answer.Status, After(answer)),
        _ when Connection(failure) is { } connection => OfConnection(connection.HttpRequestError),
        _ => new JudgeFailure(JudgeFailureKind.Passing, $"what {Host} answers is not of OpenAI's chat API") { Retries = FewRetries },
    };

    private JudgeFailure OfStatus(int status, TimeSpan? after) => status switch
    {
        429 => new(JudgeFailureKind.Passing, $"{Host} is asked too often (429)") { After = after },
        408 or >= 500 => new(JudgeFailureKind.Passing, Text($"{Host} fails ({status})")) { After = after },
        401 or 403 => new(JudgeFailureKind.Final, Text($"{Host} refuses the key ({status}); set {KeyVariable} to one that it takes")),
        404 => new(JudgeFailureKind.Final, $"{Host} knows no such model, or no such address (404); check --model and --url, which often ends in /v1"),
        400 or 413 or 422 => new(JudgeFailureKind.OfQuestion, Text($"{Host} does not take it ({status}); it may be too long, or ask for a temperature ") +
            "that the model does not take (--temperature server)"),
        _ => new(JudgeFailureKind.Final, Text($"{Host} answers {status}; check --url")),
    };

    private JudgeFailure OfConnection(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => new(JudgeFailureKind.Passing, $"{Host} is not found") { Retries = FewRetries },
        HttpRequestError.ConnectionError => new(JudgeFailureKind.Passing, $"{Host} cannot be reached") { Retries = FewRetries },
        HttpRequestError.SecureConnectionError =>
            new(JudgeFailureKind.Passing, $"no secure connection to {Host} comes about") { Retries = FewRetries },
        HttpRequestError.ConfigurationLimitExceeded => new(JudgeFailureKind.OfQuestion, Text($"{Host} answers with over {LargestAnswer} bytes")),
        _ => new(JudgeFailureKind.Passing, $"{Host} ended the connection"),
    };

    private static HttpRequestException? Connection(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException) if (e is HttpRequestException connection) return connection;
        return null;
    }

    private static TimeSpan? After(ClientResultException answer) =>
        answer.GetRawResponse() is { } raw && raw.Headers.TryGetValue("Retry-After", out var value)
        && RetryConditionHeaderValue.TryParse(value, out var after) ? after.Delta : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads an answer whole, up to a bound, and sends no key where there is none.</summary>
    private sealed class BoundedHandler(HttpMessageHandler inner, bool hasKey) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!hasKey) request.Headers.Authorization = null;
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }

    /// <summary>A client that ends its connections, and whose failures hold none of the server's words, wherever they are printed.</summary>
    private sealed class ServerClient(ChatServer server, IChatClient inner, HttpClient http) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new ServerException(server.Meaning(e));
            }
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing) http.Dispose();
        }
    }

    private sealed class ServerException(JudgeFailure failure) : Exception(failure.Words)
    {
        public JudgeFailure Failure { get; } = failure;
    }
}
