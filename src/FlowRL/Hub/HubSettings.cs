using System.Net.Http.Headers;

namespace FlowRL.Hub;

/// <summary>Which hub is asked, as whom, and where its files are kept: by the environment variables that its other tools read too.</summary>
/// <param name="Endpoint">The hub's address, without a slash at the end.</param>
/// <param name="Token">Null for what is public.</param>
/// <param name="Cache">The folder of repositories.</param>
/// <param name="IsOffline">Whether no connection may be opened.</param>
internal sealed record HubSettings(string Endpoint, HubToken? Token, string Cache, bool IsOffline)
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <exception cref="BadInputException">A variable holds what it cannot hold.</exception>
    public static HubSettings FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <inheritdoc cref="FromEnvironment"/>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    public static HubSettings From(Func<string, string?> variable)
    {
        var offline = Given(variable, "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE");
        return new HubSettings(Address(variable), HubToken.From(variable, Home(variable)), CacheFolder(variable),
            offline?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE");
    }

    /// <summary>Where repositories are kept: HF_HUB_CACHE, or <c>hub</c> in HF_HOME.</summary>
    public static string CacheFolder(Func<string, string?> variable) =>
        Path.GetFullPath(Expanded(Given(variable, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"), variable) ?? Path.Combine(Home(variable), "hub"));

    /// <summary>HF_HOME, or <c>huggingface</c> in the user's cache.</summary>
    private static string Home(Func<string, string?> variable) => Expanded(Given(variable, "HF_HOME"), variable)
        ?? Path.Combine(Expanded(Given(variable, "XDG_CACHE_HOME"), variable) ?? Path.Combine(User(variable), ".cache"), "huggingface");

    private static string Address(Func<string, string?> variable)
    {
        var text = (Given(variable, "HF_ENDPOINT") ?? DefaultEndpoint).TrimEnd('/');
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && address is { UserInfo: "", Query: "", Fragment: "" } ? text
            : throw new BadInputException(
                "HF_ENDPOINT: is not the address of a hub; give one such as https://huggingface.co, without a name or password in it.");
    }

    internal static string? Given(Func<string, string?> variable, params string[] names) =>
        names.Select(variable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim();

    /// <summary>A path in which ~ stands for the user's own folder.</summary>
    internal static string? Expanded(string? path, Func<string, string?> variable) =>
        path is "~" || path?.StartsWith("~/", StringComparison.Ordinal) == true ? User(variable) + path[1..] : path;

    private static string User(Func<string, string?> variable) =>
        Given(variable, "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}

/// <summary>What a hub knows the user by. It prints as nothing, so that no message and no log can hold it.</summary>
internal sealed class HubToken
{
    private readonly string _secret;

    private HubToken(string secret, string source) => (_secret, Source) = (secret, source);

    /// <summary>Where it came from: a variable, or a file.</summary>
    public string Source { get; }

    public AuthenticationHeaderValue Header => new("Bearer", _secret);

    public override string ToString() => "(a token)";

    /// <exception cref="BadInputException">What is there cannot be a token.</exception>
    public static HubToken? From(Func<string, string?> variable, string home)
    {
        foreach (var name in (string[])["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
        {
            if (HubSettings.Given(variable, name) is { } given) return Checked(given, name);
        }
        var file = HubSettings.Expanded(HubSettings.Given(variable, "HF_TOKEN_PATH"), variable) ?? Path.Combine(home, "token");
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept ? Checked(kept, file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: the token in it cannot be read ({e.Message.TrimEnd('.')}); make it readable, or set HF_TOKEN.", e);
        }
    }

    // What a header cannot hold would be refused later, in a message that shows it.
    private static HubToken Checked(string secret, string source) => secret.All(c => c is > ' ' and < '\x7f') ? new HubToken(secret, source)
        : throw new BadInputException($"{source}: holds no token, for there are characters in it that no token has; copy it again.");
}
