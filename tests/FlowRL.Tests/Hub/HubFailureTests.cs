using FlowRL.Hub;

namespace FlowRL.Tests.Hub;

/// <summary>What goes wrong between a name and a folder: refused in a sentence, or tried again; never half a file, and never the token in a text.</summary>
public sealed class HubFailureTests : IDisposable
{
    private readonly HubBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private string Endpoint => _bench.Server.Endpoint;

    private string Host => Endpoint["http://".Length..];

    [Theory]
    [InlineData(401, "GatedRepo", false, "org/tiny: is gated, so that its terms have to be accepted: do so at {0}/org/tiny, then set HF_TOKEN to a token from {0}/settings/tokens.")]
    [InlineData(403, "GatedRepo", true, "org/tiny: is gated, and the user of the token in HF_TOKEN may not read it; accept its terms at {0}/org/tiny, and wait for the approval where there is one.")]
    [InlineData(401, null, true, "org/tiny: the token in HF_TOKEN is not accepted (401); set HF_TOKEN to one from {0}/settings/tokens.")]
    [InlineData(403, null, true, "org/tiny: the token in HF_TOKEN may not read it (403). Check the name at {0}/org/tiny, and what the token allows at {0}/settings/tokens.")]
    [InlineData(401, "RepoNotFound", false, "org/tiny: there is no such public model at {0} (401). Check the name; where it is private or gated, accept its terms at {0}/org/tiny and set HF_TOKEN to a token from {0}/settings/tokens.")]
    [InlineData(404, "RepoNotFound", true, "org/tiny: there is no such model at {0} (404); check the name (a data set is fetched with --dataset), and whether the token may read it.")]
    [InlineData(404, "RevisionNotFound", false, "org/tiny: has no revision 'main'; give a branch, a tag or a commit, as {0}/org/tiny/tree/main lists them.")]
    [InlineData(400, null, false, "org/tiny: {1} answers 400; check the name, the revision and HF_ENDPOINT.")]
    public async Task Refusals_are_sentences(int status, string? code, bool hasToken, string message)
    {
        if (hasToken) _bench.Token = HubBench.Secret;
        _bench.Server.Rule = _ => WebReply.Error(status, code);
        Assert.Equal(message.Replace("{0}", Endpoint, StringComparison.Ordinal).Replace("{1}", Host, StringComparison.Ordinal), await _bench.RefusedAsync());
        Assert.Empty(_bench.Waits);
    }

    [Fact]
    public async Task Gated_files_of_a_public_description_are_told_too()
    {
        _bench.Server.Rule = request => request.Path.Contains("/resolve/", StringComparison.Ordinal) ? WebReply.Error(403, "GatedRepo") : null;
        Assert.Equal($"org/tiny: is gated, so that its terms have to be accepted: do so at {Endpoint}/org/tiny, then set HF_TOKEN to a token from " +
            $"{Endpoint}/settings/tokens.", await _bench.RefusedAsync());
    }

    [Fact]
    public async Task Who_is_asked_too_often_says_when_to_come_again()
    {
        var asked = 0;
        _bench.Server.Rule = _ => asked++ switch
        {
            0 => new WebReply(429, [], ("Retry-After", "7")),
            1 => WebReply.Error(503, null),
            _ => null,
        };
        await _bench.PullAsync();
        Assert.Equal([7.0, 2.0], _bench.Waits);
        Assert.Equal([$"org/tiny: {Host} is asked too often (429); again in 7 s", $"org/tiny: {Host} failed (503); again in 2 s"], _bench.Said.Take(2));
    }

    [Fact]
    public async Task Patience_ends()
    {
        _bench.Server.Rule = _ => WebReply.Error(500, null);
        Assert.Equal($"org/tiny: {Host} failed (500). Try again; what is fetched already is kept.", await _bench.FailedAsync());
        Assert.Equal([1.0, 2.0, 4.0, 8.0, 16.0], _bench.Waits);

        _bench.Server.Rule = _ => new WebReply(429, [], ("Retry-After", "3600"));
        Assert.Equal($"org/tiny: {Host} is asked too often (429), and asks to wait 3600 s. Try again later; users with a token (HF_TOKEN) may ask more often.",
            await _bench.FailedAsync());
    }

    [Fact]
    public async Task Nobody_there_is_said_soon()
    {
        _bench.Endpoint = "http://127.0.0.1:9";
        Assert.Equal("org/tiny: 127.0.0.1:9 cannot be reached. Check the network, HF_ENDPOINT and proxies; what was fetched before is used without a connection " +
            "with HF_HUB_OFFLINE=1.", await _bench.FailedAsync());
        Assert.Equal([1.0, 2.0], _bench.Waits);
    }

    [Fact]
    public async Task A_cut_connection_goes_on_where_it_ended()
    {
        var cuts = 0;
        _bench.Server.StorageRule = request => cuts++ < 3 ? _bench.Server.Stored(request).CutAfter(90_000) : null;
        await _bench.PullAsync();
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
        Assert.Equal(["", "bytes=90000-", "bytes=180000-", "bytes=270000-"],
            _bench.Server.StorageRequests.Select(request => request.Headers.GetValueOrDefault("Range", "")));
        Assert.Equal([1.0, 1.0, 1.0], _bench.Waits); // each got on
        Assert.DoesNotContain(_bench.Server.StorageRequests, request => request.Headers.ContainsKey("If-Range"));
        Assert.False(File.Exists(_bench.Partial));
    }

    [Fact]
    public async Task Small_files_are_resumed_only_while_they_are_the_same()
    {
        var config = HubBench.Text($"{{\"a\": \"{new string('x', 5000)}\"}}");
        _bench.Model.Files["config.json"] = config;
        _bench.Model.Move();
        var cuts = 0;
        _bench.Server.Rule = request => request.Path.EndsWith("/config.json", StringComparison.Ordinal) && cuts++ == 0 ? _bench.Server.Answer(request).CutAfter(1000) : null;
        await _bench.PullAsync();
        var second = _bench.Server.Requests.Where(request => request.Path.EndsWith("/config.json", StringComparison.Ordinal)).Skip(1).Single();
        Assert.Equal(("bytes=1000-", $"\"{HubContent.GitSum(config)}\""), (second.Headers["Range"], second.Headers["If-Range"]));
        Assert.Equal(config, _bench.Snapshot("config.json"));
    }

    [Fact]
    public async Task What_does_not_get_on_is_given_up()
    {
        _bench.Server.StorageRule = request => _bench.Server.Stored(request).CutAfter(10);
        Assert.Equal("org/tiny, model.safetensors: the connection was cut. Try again; what is fetched already is kept.", await _bench.FailedAsync());
        Assert.Equal(60, new FileInfo(_bench.Partial).Length);

        _bench.Server.StorageRule = null;
        await _bench.PullAsync();
        Assert.Equal("bytes=60-", _bench.Server.StorageRequests[^1].Headers["Range"]);
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
    }

    [Fact]
    public async Task A_storage_without_parts_begins_anew()
    {
        var asked = 0;
        _bench.Server.StorageRule = request => asked++ == 0 ? _bench.Server.Stored(request).CutAfter(1000) : new WebReply(200, _bench.Weights);
        await _bench.PullAsync();
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
    }

    [Fact]
    public async Task An_address_that_has_aged_is_asked_for_again()
    {
        var asked = 0;
        _bench.Server.StorageRule = _ => asked++ == 0 ? WebReply.Error(403, null) : null;
        await _bench.PullAsync();
        Assert.Equal([1.0], _bench.Waits);
        Assert.Equal(2, _bench.Server.Requests.Count(request => request.Path.EndsWith("/model.safetensors", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Other_bytes_are_thrown_away()
    {
        var other = (byte[])_bench.Weights.Clone();
        other[12345] ^= 1;
        _bench.Server.StorageRule = _ => new WebReply(200, other);
        Assert.Equal("org/tiny, model.safetensors: the bytes that came do not have the file's sum, and were thrown away; try again, and check HF_ENDPOINT and " +
            "proxies where it happens twice.", await _bench.FailedAsync());
        Assert.Equal(0, new FileInfo(_bench.Partial).Length);
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "snapshots", _bench.Model.Commit, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(_bench.Folder, "refs", "main")));
    }

    [Fact]
    public async Task A_damaged_beginning_is_found_and_fetched_anew()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_bench.Partial)!);
        File.WriteAllBytes(_bench.Partial, new byte[1000]);
        await _bench.PullAsync();
        Assert.Equal(["bytes=1000-", ""], _bench.Server.StorageRequests.Select(request => request.Headers.GetValueOrDefault("Range", "")));
        Assert.Contains("org/tiny, model.safetensors: what was there of it is damaged; fetched from its beginning", _bench.Said);
        Assert.Equal(_bench.Weights, _bench.Snapshot("model.safetensors"));
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(300_001)]
    public async Task Sizes_that_differ_from_the_listing_are_refused(int size)
    {
        _bench.Server.Rule = request => _bench.Server.Answer(request) is { Status: 302 } reply
            ? reply with { Headers = [.. reply.Headers.Where(header => header.Name != "X-Linked-Size"), ("X-Linked-Size", $"{size}")] } : null;
        Assert.Equal("org/tiny, model.safetensors: the hub lists the file with 300000 bytes and gives another; nothing of it is kept. Check HF_ENDPOINT, and try again.",
            await _bench.FailedAsync());
        Assert.Equal(0, new FileInfo(_bench.Partial).Length);
    }

    [Fact]
    public async Task No_more_bytes_are_written_than_were_announced()
    {
        // Neither the hub nor the storage says a size, and the bytes do not end.
        _bench.Server.Rule = request => _bench.Server.Answer(request) is { Status: 302 } reply
            ? reply with { Headers = [.. reply.Headers.Where(header => header.Name != "X-Linked-Size")] } : null;
        _bench.Server.StorageRule = _ => new WebReply(200, [.. _bench.Weights, .. new byte[5_000_000]], ("Content-Length", ""));
        await Assert.ThrowsAsync<HubException>(() => _bench.PullAsync());
        Assert.InRange(new FileInfo(_bench.Partial).Length, 0, _bench.Weights.Length);
    }

    [Fact]
    public async Task What_no_disk_can_hold_is_refused_before_it_is_begun()
    {
        _bench.Server.Rule = request => request.Path.StartsWith("/api/", StringComparison.Ordinal) ? WebReply.Json(new
        {
            sha = _bench.Model.Commit,
            siblings = new object[]
            {
                new { rfilename = "config.json", size = 2, blobId = HubContent.GitSum(HubBench.Text("{}")) },
                new { rfilename = "model.safetensors", size = 1_000_000_000_000_000, lfs = new { sha256 = HubContent.Sum(_bench.Weights), size = 1_000_000_000_000_000 } },
            },
        }) : null;
        Assert.Matches($@"\Aorg/tiny: needs 1000000\.0 GB in {_bench.Cache}, where [0-9.]+ [GM]B are free; free some space, or set HF_HUB_CACHE to a folder on another disk\.\z",
            await _bench.RefusedAsync());
        Assert.Single(_bench.Server.Requests);
    }

    [Fact]
    public async Task Sizes_without_a_sum_are_no_overflow()
    {
        _bench.Server.Rule = _ => WebReply.Json(new
        {
            sha = _bench.Model.Commit,
            siblings = Enumerable.Range(1, 30).Select(i => new { rfilename = $"model-{i:D5}-of-00030.safetensors", lfs = new { sha256 = $"{i:x64}", size = 1L << 60 } })
                .Cast<object>().Append(new { rfilename = "model.safetensors.index.json", size = 2, blobId = HubContent.GitSum(HubBench.Text("{}")) }),
        });
        Assert.StartsWith("org/tiny: needs 1000000000.0 GB in ", await _bench.RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../escape.json")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("a/../../b.json")]
    [InlineData("a\\..\\b.json")]
    [InlineData("a//b.json")]
    [InlineData("./config.json")]
    [InlineData("C:x.json")]
    public async Task Names_that_would_leave_the_folder_are_refused(string name)
    {
        _bench.Server.Add("org/evil", ("config.json", HubBench.Text("{}")), ("model.safetensors", HubBench.Text("w")), (name, HubBench.Text("evil")));
        Assert.Equal($"org/evil: it names a file '{name}', which would be written outside of its own folder; nothing is taken from it.", await _bench.RefusedAsync("org/evil"));
        Assert.False(Directory.Exists(Path.Combine(_bench.Cache, "models--org--evil")));
    }

    [Theory]
    [InlineData("<html>a proxy</html>")]
    [InlineData("[]")]
    [InlineData("{\"siblings\": []}")]
    [InlineData("{\"sha\": \"../../x\", \"siblings\": []}")]
    [InlineData("{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{\"rfilename\": \"a\", \"size\": -1}]}")]
    [InlineData("{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [3]}")]
    public async Task What_is_no_description_is_refused(string text)
    {
        _bench.Server.Rule = _ => new WebReply(200, HubBench.Text(text));
        Assert.Equal("org/tiny: the answer is no description of a repository; check HF_ENDPOINT, and whether a proxy stands between.", await _bench.RefusedAsync());
    }

    [Fact]
    public async Task Pickles_are_never_fetched()
    {
        _bench.Server.Add("org/pickled", ("config.json", HubBench.Text("{}")), ("pytorch_model.bin", HubBench.Text("pickle")));
        Assert.Equal("org/pickled: its weights are pickles ('pytorch_model.bin'), which can run code when they are read, and nothing of the kind is fetched; choose a " +
            "repository or a revision with safetensors files.", await _bench.RefusedAsync("org/pickled"));
        _bench.Server.Add("org/nothing", ("README.md", HubBench.Text("#")));
        Assert.Equal("org/nothing: holds no model that can be read here: neither model.safetensors, nor model.safetensors.index.json with its files, nor a .gguf file.",
            await _bench.RefusedAsync("org/nothing"));
        Assert.Empty(_bench.Server.Fetched);
    }

    [Fact]
    public async Task Redirects_end_and_stay_on_the_web()
    {
        _bench.Server.Rule = request => new WebReply(302, [], ("Location", request.Path));
        Assert.Equal($"org/tiny: {Host} leads from one address to another without an end; check HF_ENDPOINT.", await _bench.FailedAsync());
        _bench.Server.Rule = _ => new WebReply(302, [], ("Location", "file:///etc/passwd"));
        Assert.StartsWith($"org/tiny: {Host} leads to file://", await _bench.FailedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_commit_is_refused()
    {
        var other = new string('a', 40);
        _bench.Server.Rule = request => request.Path.Contains("/resolve/", StringComparison.Ordinal)
            ? _bench.Server.Answer(request) is var reply ? reply with { Headers = [.. reply.Headers.Where(header => header.Name != "X-Repo-Commit"), ("X-Repo-Commit", other)] } : null : null;
        Assert.Equal($"The hub was asked for a file of commit {_bench.Model.Commit} and gives one of {other}; check HF_ENDPOINT, and try again.", await _bench.FailedAsync());
    }

    [Fact]
    public async Task Stopped_means_kept()
    {
        using var stop = new CancellationTokenSource();
        var rest = new TaskCompletionSource();
        _bench.Server.StorageRule = request => _bench.Server.StorageRequests.Count == 1 ? _bench.Server.Stored(request).CutAfter(100_000)
            : _bench.Server.Stored(request) with { Gate = rest.Task };
        var pulling = _bench.PullAsync(cancellation: stop.Token);
        Assert.True(await Support.Eventually.IsTrue(() => _bench.Server.StorageRequests.Count == 2));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling);
        rest.SetResult();
        Assert.Equal(_bench.Weights.Take(100_000), File.ReadAllBytes(_bench.Partial));

        _bench.Server.StorageRule = null;
        await _bench.PullAsync();
        Assert.Equal("bytes=100000-", _bench.Server.StorageRequests[^1].Headers["Range"]);
    }

    [Fact]
    public async Task No_message_holds_the_token_or_a_signature()
    {
        _bench.Token = HubBench.Secret;
        var texts = new List<string>();
        foreach (var status in (int[])[400, 401, 403, 404, 416, 429, 500])
        {
            foreach (var atStorage in (bool[])[false, true])
            {
                Func<WebRequest, WebReply?> refuse = _ => WebReply.Error(status, null);
                _bench.Server.Rule = atStorage ? null : refuse;
                _bench.Server.StorageRule = atStorage ? refuse : null;
                texts.Add((await Assert.ThrowsAnyAsync<Exception>(() => _bench.PullAsync())).ToString());
            }
        }
        Assert.Equal(14, texts.Count);
        Assert.All(texts.Concat(_bench.Said), text =>
        {
            Assert.DoesNotContain(HubBench.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-of-storage", text, StringComparison.Ordinal);
            Assert.DoesNotContain("said by a server", text, StringComparison.Ordinal);
        });
    }
}
