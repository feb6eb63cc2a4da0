using FlowRL.Hub;

namespace FlowRL.Tests.Hub;

public sealed class HubPullTests : IDisposable
{
    private readonly HubBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_model_lies_where_other_tools_look_for_it()
    {
        var pulled = await _bench.PullAsync();

        var commit = _bench.Model.Commit;
        Assert.Equal($"org/tiny@{commit}", pulled.Name.ToString());
        Assert.Equal(Path.Combine(_bench.Folder, "snapshots", commit), pulled.Folder);
        Assert.Equal(["config.json", "tokenizer.json", "model.safetensors"], pulled.Files);
        Assert.Equal(300_010, pulled.Bytes);
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
        Assert.Equal($"../../blobs/{HubContent.Sum(_bench.Weights)}", new FileInfo(Path.Combine(pulled.Folder, "model.safetensors")).LinkTarget);
        Assert.Equal($"../../blobs/{HubContent.GitSum(HubBench.Text("{}"))}", new FileInfo(Path.Combine(pulled.Folder, "config.json")).LinkTarget);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_bench.Folder, "blobs")).Length);
        Assert.Equal(commit, File.ReadAllText(Path.Combine(_bench.Folder, "refs", "main")));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_bench.Cache, ".locks", "models--org--tiny"), "*.lock").Length);
        Assert.True(File.Exists(Path.Combine(_bench.Folder, ".no_exist", commit, "generation_config.json")));
        Assert.False(File.Exists(Path.Combine(_bench.Folder, ".no_exist", commit, "config.json")));
    }

    [Fact]
    public async Task Only_what_is_needed_is_fetched_and_only_once()
    {
        await _bench.PullAsync();
        Assert.Equal([HubContent.Sum(_bench.Weights), "config.json", "model.safetensors", "tokenizer.json"], _bench.Server.Fetched.Order(StringComparer.Ordinal));

        await _bench.PullAsync();
        Assert.Equal(4, _bench.Server.Fetched.Count());
        Assert.Equal(2, _bench.Server.Requests.Count(request => request.Path.StartsWith("/api/models/org/tiny/revision/main", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_commit_that_is_there_is_not_asked_for()
    {
        var pulled = await _bench.PullAsync();
        var before = _bench.Server.Requests.Count;

        Assert.Equal((pulled.Name, pulled.Folder), await _bench.PullAsync(pulled.Name.ToString()) is var again ? (again.Name, again.Folder) : default);
        Assert.Equal(before, _bench.Server.Requests.Count);
    }

    [Fact]
    public async Task What_was_said_and_how_far_it_is()
    {
        await _bench.PullAsync();
        Assert.Equal([$"org/tiny: commit {_bench.Model.Commit}, 3 files, 0 MB, to {_bench.Folder}"], _bench.Said);
        Assert.Equal(new PullProgress("org/tiny", "model.safetensors", 300_010, 300_010), _bench.Progress[^1]);
        Assert.Equal(_bench.Progress.Select(progress => progress.Done).Order(), _bench.Progress.Select(progress => progress.Done));
    }

    [Fact]
    public async Task A_branch_goes_on_and_a_commit_stays()
    {
        var old = await _bench.PullAsync();
        _bench.Model.Files["config.json"] = HubBench.Text("{\"new\": 1}");
        var moved = _bench.Model.Move();

        Assert.Equal(moved, (await _bench.PullAsync()).Name.Revision);
        Assert.Equal(moved, File.ReadAllText(Path.Combine(_bench.Folder, "refs", "main")));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(old.Folder, "config.json")));
        // What both have is one blob.
        Assert.Single(_bench.Server.StorageRequests);
    }

    [Fact]
    public async Task Revisions_have_a_file_each()
    {
        _bench.Model.Revisions["refs/pr/1"] = _bench.Model.Commit;
        await _bench.PullAsync("org/tiny@refs/pr/1");
        Assert.Equal(_bench.Model.Commit, File.ReadAllText(Path.Combine(_bench.Folder, "refs", "refs", "pr", "1")));
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "refs", "main")));
        Assert.Contains(_bench.Server.Requests, request => request.Path == "/api/models/org/tiny/revision/refs%2Fpr%2F1?blobs=true");
    }

    [Fact]
    public async Task Without_a_connection_the_cache_serves()
    {
        _bench.IsOffline = true;
        Assert.Equal($"org/tiny: is not in the cache ({_bench.Cache}), and HF_HUB_OFFLINE says that nothing may be fetched; unset it, or fetch it elsewhere.",
            await _bench.RefusedAsync());
        _bench.IsOffline = false;
        var pulled = await _bench.PullAsync();
        var before = _bench.Server.Requests.Count;
        _bench.IsOffline = true;
        Assert.Equal(pulled.Folder, (await _bench.PullAsync()).Folder);
        Assert.Equal(before, _bench.Server.Requests.Count);

        _bench.IsOffline = false;
        _bench.Endpoint = "http://127.0.0.1:9"; // where nobody listens
        _bench.Said.Clear();
        Assert.Equal(pulled.Folder, (await _bench.PullAsync()).Folder);
        Assert.Equal([$"org/tiny: 127.0.0.1:9 cannot be reached; what was fetched before is used, commit {_bench.Model.Commit}"], _bench.Said);
    }

    /// <summary>The notes beside the files are a help to other tools, and no more.</summary>
    [Fact]
    public async Task A_cache_that_takes_no_notes_serves()
    {
        Directory.CreateDirectory(_bench.Folder);
        await File.WriteAllTextAsync(Path.Combine(_bench.Folder, "refs"), "a file in the place of the folder");
        await _bench.PullAsync();
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
    }

    [Fact]
    public async Task Half_a_model_is_none()
    {
        await _bench.PullAsync();
        File.Delete(Path.Combine(_bench.Folder, "snapshots", _bench.Model.Commit, "model.safetensors"));
        _bench.IsOffline = true;
        Assert.Contains("is not in the cache", await _bench.RefusedAsync(), StringComparison.Ordinal);
        _bench.IsOffline = false;
        await _bench.PullAsync($"org/tiny@{_bench.Model.Commit}");
        Assert.Single(_bench.Server.StorageRequests); // its blob was there
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
    }

    [Fact]
    public async Task Data_sets_have_folders_and_routes_of_their_own()
    {
        var data = _bench.Server.Add("datasets", "org/sums", ("README.md", HubBench.Text("#")), ("main/train.jsonl", HubBench.Text("{}")),
            ("main/test-00000-of-00001.parquet", HubBench.Text("PAR1")), ("sums.py", HubBench.Text("print()")), ("dataset_infos.json", HubBench.Text("{}")));
        var pulled = await _bench.PullAsync("org/sums", RepositoryKind.Dataset);
        Assert.Equal(Path.Combine(_bench.Cache, "datasets--org--sums", "snapshots", data.Commit), pulled.Folder);
        Assert.Equal(["main/train.jsonl", "main/test-00000-of-00001.parquet"], pulled.Files);
        Assert.Equal($"../../../blobs/{HubContent.GitSum(HubBench.Text("{}"))}", new FileInfo(Path.Combine(pulled.Folder, "main", "train.jsonl")).LinkTarget);

        Assert.Equal(["main/train.jsonl"], (await _bench.PullAsync($"org/sums@{data.Commit}:main/train.jsonl", RepositoryKind.Dataset)).Files);
        Assert.Equal("org/sums: there is no such model at " + _bench.Server.Endpoint + " (404); check the name (a data set is fetched with --dataset), and set " +
            "HF_TOKEN where it is private.", await _bench.RefusedAsync("org/sums"));
    }

    [Fact]
    public async Task A_hub_that_lists_names_alone_is_asked_for_each_file()
    {
        _bench.Server.Rule = request => request.Path.StartsWith("/api/", StringComparison.Ordinal) ? WebReply.Json(_bench.Model.Describe(_bench.Model.Commit, withBlobs: false)) : null;
        await _bench.PullAsync();
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
        Assert.Equal(3, _bench.Server.Requests.Count(request => request.Method == "HEAD"));
        Assert.DoesNotContain(_bench.Server.StorageRequests, request => request.Method == "HEAD");
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_alone()
    {
        _bench.Token = HubBench.Secret;
        await _bench.PullAsync();
        Assert.All(_bench.Server.Requests, request => Assert.Equal($"Bearer {HubBench.Secret}", request.Headers["Authorization"]));
        Assert.NotEmpty(_bench.Server.StorageRequests);
        Assert.All(_bench.Server.StorageRequests, request => Assert.DoesNotContain(HubBench.Secret, string.Join(' ', request.Headers.Values), StringComparison.Ordinal));
        Assert.DoesNotContain(HubBench.Secret, string.Join(' ', _bench.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed()
    {
        _bench.Token = HubBench.Secret;
        _bench.Server.Rule = request => request.Path.Contains("org/old", StringComparison.Ordinal)
            ? new WebReply(307, [], ("Location", request.Path.Replace("org/old", "org/tiny", StringComparison.Ordinal))) : null;
        var pulled = await _bench.PullAsync("org/old");
        Assert.Equal($"org/old@{_bench.Model.Commit}", pulled.Name.ToString());
        Assert.All(_bench.Server.Requests, request => Assert.Equal($"Bearer {HubBench.Secret}", request.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_file_of_a_model_is_fetched_alone()
    {
        _bench.Server.Add("org/quants", ("README.md", HubBench.Text("#")), ("a-Q4_0.gguf", HubBench.Text("GGUFa")), ("b-Q8_0.gguf", HubBench.Text("GGUFb")));
        Assert.Equal(["b-Q8_0.gguf"], (await _bench.PullAsync("org/quants:b-Q8_0.gguf")).Files);
        Assert.Equal("org/quants: holds 2 .gguf files, and one of them is the model; name it, as in 'org/quants:a-Q4_0.gguf'; there are a-Q4_0.gguf, b-Q8_0.gguf.",
            await _bench.RefusedAsync("org/quants"));
        Assert.Equal("org/quants:c.gguf: the repository has no file 'c.gguf'; there are a-Q4_0.gguf, b-Q8_0.gguf.", await _bench.RefusedAsync("org/quants:c.gguf"));
        Assert.Equal("org/quants:README.md: of single files only a model's .gguf is fetched; leave out ':README.md' for the whole model.",
            await _bench.RefusedAsync("org/quants:README.md"));

        _bench.Server.Add("org/one", ("model.gguf", HubBench.Text("GGUF")), ("README.md", HubBench.Text("#")));
        var pulled = await _bench.PullAsync("org/one");
        Assert.Equal(["model.gguf"], pulled.Files);
        Assert.Equal("model.gguf", HubCache.OnlyGguf(pulled.Folder));
    }
}
