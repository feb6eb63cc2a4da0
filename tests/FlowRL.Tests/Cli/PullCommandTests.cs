using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Tests.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Cli;

/// <summary>From a name to a run, as a user types it, with a hub on this machine.</summary>
public sealed class PullCommandTests : IDisposable
{
    private const string Secret = "hf_SecretOfTheUser";

    private static readonly string[] Short = [.. new[]
    {
        "training.steps=1", "rollout.problems=1", "rollout.group_size=4", "training.mini_batch=4", "rollout.sampling.max_new_tokens=8", "evaluation.every=0",
        "evaluation.test_problems=0", "run.name=t",
    }.SelectMany(key => (string[])["--set", key])];

    private readonly TemporaryFolder _folder = new();
    private readonly HubServer _server = new();
    private readonly HubContent _model;

    public PullCommandTests()
    {
        using var model = TinyRuns.Model();
        PretrainedModel.Save(_folder.In("made"), model);
        _model = _server.Add("org/tiny", [.. Directory.GetFiles(_folder.In("made")).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))]);
        Directory.CreateDirectory(Work);
    }

    private string Work => _folder.In("work");

    private string Pinned => $"org/tiny@{_model.Commit}";

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_model_is_trained_from_its_name_and_goes_on_from_its_commit()
    {
        var (code, _, error) = await RunAsync(["train", "--set", "model.path=org/tiny", .. Short]);
        Assert.True(code == 0, error);
        var recipe = Path.Combine(Work, "runs", "t-1", "recipe.yaml");
        Assert.Contains($"  path: \"{Pinned}\"\n", await File.ReadAllTextAsync(recipe), StringComparison.Ordinal);
        Assert.Contains($"org/tiny: commit {_model.Commit}, ", error, StringComparison.Ordinal);

        // The branch goes on, to something that is no model; the run stays with what it began with, and asks nobody.
        _model.Files["config.json"] = HubBench.Text("no model");
        _model.Move();
        var asked = _server.Requests.Count;
        (code, _, error) = await RunAsync("train", "--resume", "runs/t-1", "--set", "training.steps=2");
        Assert.True(code == 0, error);
        Assert.Contains("resume: goes on after step 1 of 2", error, StringComparison.Ordinal);
        Assert.Equal(asked, _server.Requests.Count);
    }

    [Fact]
    public async Task Adapters_name_the_model_as_PEFT_does_and_fetch_it_again()
    {
        var (code, _, error) = await RunAsync(["train", "--set", "model.path=org/tiny", "--set", "model.lora.rank=2", .. Short]);
        Assert.True(code == 0, error);
        var checkpoint = Directory.GetDirectories(Path.Combine(Work, "runs", "t-1", "checkpoints")).Order(StringComparer.Ordinal).Last();
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(checkpoint, "adapter_config.json")))!;
        Assert.Equal(("org/tiny", _model.Commit), ((string?)config["base_model_name_or_path"], (string?)config["revision"]));

        Directory.Delete(_folder.In("hf"), recursive: true);
        (code, var output, error) = await RunAsync("sample", "runs/t-1", "--prompt", "1,2=3:", "--set", "sampling.max_new_tokens=4", "--json");
        Assert.True(code == 0, error);
        Assert.Contains("\"finish_reason\"", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.In("hf", "hub", "models--org--tiny", "snapshots", _model.Commit, "model.safetensors")));

        Directory.Delete(_folder.In("hf"), recursive: true);
        (code, _, error) = await RunAsync("inspect", "runs/t-1"); // which needs no base
        Assert.True(code == 0, error);
        Assert.False(Directory.Exists(_folder.In("hf", "hub")));
    }

    [Fact]
    public async Task Commands_take_names()
    {
        var (code, output, error) = await RunAsync("pull", "org/tiny", "--json");
        Assert.True(code == 0, error);
        var json = JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
        Assert.Equal((Pinned, _model.Commit, _folder.In("hf", "hub", "models--org--tiny", "snapshots", _model.Commit)),
            ((string?)json["name"], (string?)json["commit"], (string?)json["folder"]));

        foreach (var line in (string[][])
        [
            ["inspect", "org/tiny"], ["tokenize", "org/tiny", "1,2"], ["export", Pinned, "--to", "gguf", "--out", "tiny.gguf"],
            ["eval", "org/tiny", "--task", "countdown", "--problems", "2", "--samples", "1", "--set", "sampling.max_new_tokens=4"],
        ])
        {
            (code, output, error) = await RunAsync([.. line]);
            Assert.True(code == 0, $"{string.Join(' ', line)}\n{output}\n{error}");
        }

        // What was exported is a repository of its own, with a file to name.
        _server.Add("org/tiny-gguf", ("tiny-f16.gguf", await File.ReadAllBytesAsync(Path.Combine(Work, "tiny.gguf"))));
        foreach (var name in (string[])["org/tiny-gguf", "org/tiny-gguf:tiny-f16.gguf"])
        {
            (code, output, error) = await RunAsync("sample", name, "--prompt", "1,2=3:", "--set", "sampling.max_new_tokens=4", "--json");
            Assert.True(code == 0, $"{name}\n{output}\n{error}");
        }
    }

    [Fact]
    public async Task A_data_set_is_pulled_and_its_files_are_named()
    {
        var data = _server.Add("datasets", "org/sums", ("main/train.jsonl", HubBench.Text("{\"question\": \"1+1?\", \"answer\": \"2\"}\n")));
        var (code, output, error) = await RunAsync("pull", "org/sums", "--dataset");
        Assert.True(code == 0, error);
        Assert.Equal($"org/sums@{data.Commit}: 1 files, 0 MB, in {_folder.In("hf", "hub", "datasets--org--sums", "snapshots", data.Commit)}\n" +
            $"  org/sums@{data.Commit}:main/train.jsonl\n", output);
    }

    /// <summary>The line of the README, and the run itself made short.</summary>
    [Fact]
    public async Task A_recipe_names_its_model_and_its_data()
    {
        using var hub = new StandInHub();
        async Task<string> Run(params string[] arguments)
        {
            using var process = CliProcess.StartWith(Work, hub.Environment, arguments);
            var (code, _, error) = await process.WaitAsync();
            Assert.True(code == 0, error);
            return error;
        }
        await Run(["train", "gsm8k-qwen3-0.6b", .. Short]);
        var commit = hub.Server.Requests.Single(request => request.Path.EndsWith("/model.safetensors", StringComparison.Ordinal)).Path.Split('/')[^2];
        var data = hub.Server.Requests.First(request => request.Path.EndsWith(".parquet", StringComparison.Ordinal)).Path.Split('/')[^3];
        var recipe = await File.ReadAllTextAsync(Path.Combine(Work, "runs", "t-1", "recipe.yaml"));
        Assert.Contains($"  path: \"Qwen/Qwen3-0.6B@{commit}\"\n", recipe, StringComparison.Ordinal);
        Assert.Contains($"    train: [\"openai/gsm8k@{data}:main/train-00000-of-00001.parquet\"]\n", recipe, StringComparison.Ordinal);

        var asked = hub.Server.Requests.Count;
        await Run("train", "--resume", "runs/t-1", "--set", "training.steps=2");
        Assert.Equal(asked, hub.Server.Requests.Count);

        // A comparison writes the commits into its own recipe, which its further processes read.
        string[] comparison = ["compare", "compare-countdown", "--dry-run", "--set", "train.model.path=Qwen/Qwen3-0.6B", "--out", "both"];
        await Run(comparison);
        Assert.Equal(asked + 1, hub.Server.Requests.Count);
        Directory.CreateDirectory(Path.Combine(Work, "both"));
        await File.WriteAllTextAsync(Path.Combine(Work, "both", "comparison.yaml"), $"train:\n  model:\n    path: \"Qwen/Qwen3-0.6B@{commit}\"\n");
        await Run(comparison);
        Assert.Equal(asked + 1, hub.Server.Requests.Count); // it stays with the commit that it began with

        await Run("sample", "HuggingFaceTB/SmolLM2-135M-Instruct", "--chat", "--prompt", "Name three colours.", "--set", "sampling.max_new_tokens=4");
        await Run(["train", "gsm8k-qwen3-0.6b", "--dry-run", .. Short]);
        Assert.False(Directory.Exists(Path.Combine(Work, "runs", "t-2")));
    }

    [Fact]
    public async Task What_needs_no_hub_asks_none_and_reads_none_of_its_settings()
    {
        using var process = CliProcess.StartWith(Work, new Dictionary<string, string> { ["HF_ENDPOINT"] = "no address", ["HF_TOKEN"] = "no\ttoken" },
            "sample", "embedded:countdown", "--prompt", "1,2=3:", "--set", "sampling.max_new_tokens=2");
        var (code, _, error) = await process.WaitAsync();
        Assert.Equal((0, ""), (code, error));
    }

    [Fact]
    public async Task Two_processes_fetch_once()
    {
        // The weights come only when both processes know what they want.
        var both = new TaskCompletionSource();
        _server.Rule = request =>
        {
            if (_server.Requests.Count(one => one.Path.StartsWith("/api/", StringComparison.Ordinal)) == 2) both.TrySetResult();
            return null;
        };
        _server.StorageRule = request => _server.Stored(request) with { Gate = both.Task };
        using var one = Start("pull", "org/tiny");
        using var other = Start("pull", "org/tiny");
        var ends = await Task.WhenAll(one.WaitAsync(), other.WaitAsync());
        Assert.All(ends, end => Assert.True(end.ExitCode == 0, end.Error));
        Assert.Equal(ends[0].Output, ends[1].Output);
        Assert.Single(_server.StorageRequests);
        var fetched = _server.Fetched.ToList();
        Assert.Equal(fetched.Distinct().Count(), fetched.Count);
        Assert.Empty(Directory.GetFiles(_folder.In("hf", "hub", "models--org--tiny", "blobs"), "*.incomplete"));
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_what_the_next_goes_on_with()
    {
        var weights = _model.Files["model.safetensors"];
        _server.StorageRule = request => _server.StorageRequests.Count == 1 ? _server.Stored(request).CutAfter(1000)
            : _server.Stored(request) with { Gate = new TaskCompletionSource().Task };
        using (var killed = Start("pull", "org/tiny"))
        {
            Assert.True(await Eventually.IsTrue(() => _server.StorageRequests.Count == 2 || killed.HasExited));
            killed.Kill();
            await killed.WaitAsync();
        }
        _server.StorageRule = null;
        var (code, _, error) = await RunAsync("pull", "org/tiny");
        Assert.True(code == 0, error);
        Assert.Equal("bytes=1000-", _server.StorageRequests[^1].Headers["Range"]);
        Assert.Equal(weights, await File.ReadAllBytesAsync(_folder.In("hf", "hub", "models--org--tiny", "snapshots", _model.Commit, "model.safetensors")));
    }

    [Fact]
    public async Task Ctrl_C_says_what_is_kept()
    {
        _server.StorageRule = request => _server.Stored(request) with { Gate = new TaskCompletionSource().Task };
        using var pulling = Start("pull", "org/tiny");
        Assert.True(await Eventually.IsTrue(() => _server.StorageRequests.Count == 1 || pulling.HasExited));
        using (var kill = Process.Start("bash", ["-c", $"kill -INT {pulling.Id}"])) await kill.WaitForExitAsync();
        var (code, _, error) = await pulling.WaitAsync();
        Assert.Equal((1, "Stopped: what is fetched is kept, and the same command goes on from there."), (code, error.TrimEnd().Split('\n')[^1]));
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_its_exit_code_and_without_the_token()
    {
        Directory.CreateDirectory(Path.Combine(Work, "runs", "countdown-1"));
        Assert.Equal((2, "model.path: 'runs/countdwn-x' does not exist; did you mean 'runs/countdown-1'? The hub's runs/countdwn-x is 'runs/countdwn-x@main' here.\n"),
            await ErrorAsync("sample", "runs/countdwn-x", "--prompt", "1"));
        Assert.Equal((2, "'model' is no name of the hub; those have the form org/name, org/name@revision or org/name:file, such as Qwen/Qwen3-0.6B.\n"),
            await ErrorAsync("pull", "model"));
        Assert.Equal((2, "--revision '../x': is no branch, tag or commit; those are letters, digits, '.', '_', '-' and '/'.\n"),
            await ErrorAsync("pull", "org/tiny", "--revision", "../x"));
        Assert.Empty(_server.Requests);

        _server.Rule = _ => WebReply.Error(403, "GatedRepo");
        var (code, error) = await ErrorAsync("train", "--verbose", "--set", "model.path=org/gated");
        Assert.Equal(2, code);
        Assert.StartsWith("org/gated: is gated, and the user of the token in HF_TOKEN may not read it; accept its terms at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
        Assert.Equal($"Bearer {Secret}", _server.Requests[0].Headers["Authorization"]);
    }

    private async Task<(int Code, string Error)> ErrorAsync(params string[] arguments)
    {
        var (code, _, error) = await RunAsync(arguments);
        return (code, error);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.WaitAsync();
    }

    private CliProcess Start(params string[] arguments) => CliProcess.StartWith(Work, new Dictionary<string, string>
    {
        ["HF_ENDPOINT"] = _server.Endpoint,
        ["HF_HOME"] = _folder.In("hf"),
        ["HF_HUB_CACHE"] = "",
        ["HF_HUB_OFFLINE"] = "",
        ["HF_TOKEN"] = Secret,
    }, arguments);
}
