using System.Text;
using FlowRL.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Hub;

/// <summary>A hub with a model, an empty cache, and a client whose waits take no time.</summary>
internal sealed class HubBench : IDisposable
{
    public const string Secret = "hf_SecretOfTheUser";

    private readonly TemporaryFolder _folder = new();

    public HubBench()
    {
        Weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 + i / 251))];
        Model = Server.Add("org/tiny", ("config.json", Text("{}")), ("tokenizer.json", Text("{\"a\": 1}")), ("README.md", Text("# Tiny")),
            ("model.safetensors", Weights), ("pytorch_model.bin", Text("a pickle")), ("modeling_tiny.py", Text("print()")));
    }

    public HubServer Server { get; } = new();

    public HubContent Model { get; }

    public byte[] Weights { get; }

    public string Cache => _folder.In("hub");

    public string Folder => _folder.In("hub", "models--org--tiny");

    /// <summary>Sentences that were said.</summary>
    public List<string> Said { get; } = [];

    public List<PullProgress> Progress { get; } = [];

    /// <summary>Waits between tries, in seconds.</summary>
    public List<double> Waits { get; } = [];

    public string? Endpoint { get; set; }

    public string? Token { get; set; }

    public bool IsOffline { get; set; }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public HubSettings Settings => HubSettings.From(name => name switch
    {
        "HF_ENDPOINT" => Endpoint ?? Server.Endpoint,
        "HF_TOKEN" => Token,
        "HF_HOME" => _folder.Path,
        "HF_HUB_OFFLINE" => IsOffline ? "1" : null,
        _ => null,
    });

    public Task<PulledRepository> PullAsync(string name = "org/tiny", RepositoryKind kind = RepositoryKind.Model, CancellationToken cancellation = default) =>
        new HubPull(Settings, new PullWatch(Said.Add, Progress.Add), (time, token) =>
        {
            token.ThrowIfCancellationRequested();
            Waits.Add(time.TotalSeconds);
            return Task.CompletedTask;
        }).RunAsync(HubName.Parse(name)!, kind, cancellation);

    /// <summary>The sentence with which it is refused.</summary>
    public async Task<string> RefusedAsync(string name = "org/tiny", RepositoryKind kind = RepositoryKind.Model) =>
        (await Assert.ThrowsAsync<BadInputException>(() => PullAsync(name, kind))).Message;

    /// <summary>The sentence with which it fails.</summary>
    public async Task<string> FailedAsync(string name = "org/tiny") => (await Assert.ThrowsAsync<HubException>(() => PullAsync(name))).Message;

    public byte[] Snapshot(string file) => File.ReadAllBytes(Path.Combine(Folder, "snapshots", Model.Commit, file));

    public string Partial => Path.Combine(Folder, "blobs", $"{HubContent.Sum(Weights)}.incomplete");

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }
}
