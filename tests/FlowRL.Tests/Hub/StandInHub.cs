using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tests.Support;
using Parquet.Serialization;

namespace FlowRL.Tests.Hub;

/// <summary>
/// A hub on this machine with the names that the pages and recipes use, and something tiny behind each: so that what is typed there works as typed,
/// where nothing can be fetched from the real one.
/// </summary>
internal sealed class StandInHub : IDisposable
{
    private static readonly string[] Models =
        ["HuggingFaceTB/SmolLM2-135M-Instruct", "Qwen/Qwen2.5-0.5B-Instruct", "Qwen/Qwen3-0.6B"];

    private static readonly string[] Questions = [.. Enumerable.Range(1, 40).Select(i => $"Tom has {i} apples and buys {i + 3} more. How many has he?")];

    private const string ChatTemplate = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}" +
        "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";

    private readonly TemporaryFolder _folder = new();

    public StandInHub()
    {
        var files = Model();
        foreach (var model in Models) Server.Add(model, files);
        Server.Add("datasets", "openai/gsm8k", ("main/train-00000-of-00001.parquet", Rows(0, 30)), ("main/test-00000-of-00001.parquet", Rows(30, 10)));
    }

    public HubServer Server { get; } = new();

    /// <summary>What a process needs to know to ask this hub, and none else.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    { ["HF_ENDPOINT"] = Server.Endpoint, ["HF_HOME"] = _folder.In("hf"), ["HF_HUB_CACHE"] = "", ["HF_HUB_OFFLINE"] = "", ["HF_TOKEN"] = "hf_of_a_test" };

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    private (string, byte[])[] Model()
    {
        using var model = NewModel.Create(
            new NewModelOptions { Width = 16, Layers = 1, Heads = 2, KeyValueHeads = 1, FeedForwardWidth = 24, ContextLength = 2048, Vocabulary = 320 },
            new ModelOptions(), 1, Questions);
        PretrainedModel.Save(_folder.In("made"), model);
        File.WriteAllText(_folder.In("made", "chat_template.jinja"), ChatTemplate);
        return [.. Directory.GetFiles(_folder.In("made")).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
    }

    private static byte[] Rows(int from, int count)
    {
        using var stream = new MemoryStream();
        var rows = Enumerable.Range(from + 1, count).Select(i => new Row { question = Questions[i - 1], answer = $"{i}+{i + 3}={2 * i + 3}\n#### {2 * i + 3}" });
        ParquetSerializer.SerializeAsync(rows, stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public sealed class Row
    {
        public string question { get; set; } = "";

        public string answer { get; set; } = "";
    }
}
