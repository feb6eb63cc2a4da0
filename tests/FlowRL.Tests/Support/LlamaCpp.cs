using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json;

namespace FlowRL.Tests.Support;

/// <summary>llama.cpp, in a process that answers questions (tests/FlowRL.LlamaCpp).</summary>
internal sealed class LlamaCpp : IDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "tests", "FlowRL.LlamaCpp",
        Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "FlowRL.Tests"), AppContext.BaseDirectory), "FlowRL.LlamaCpp.dll");

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly Process _process;

    public LlamaCpp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64, "llama.cpp is here for Linux on x64 alone.");
        Assert.SkipUnless(NativeLibrary.TryLoad("libgomp.so.1", out _), "llama.cpp's library needs libgomp1; install it with 'apt install libgomp1'.");
        // libtorch's threads and their settings are no business of this process.
        _process = Process.Start(new ProcessStartInfo("dotnet", [Program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>Logits, a row for each id, one after the other.</summary>
    public float[] Logits(string model, int[] ids, string? adapter = null) =>
        Ask<float[]>("logits", new JsonObject { ["ask"] = "logits", ["model"] = model, ["adapter"] = adapter, ["ids"] = Array(ids) });

    /// <summary>The most probable next ids.</summary>
    public int[] Greedy(string model, int[] ids, int count, string? adapter = null) =>
        Ask<int[]>("ids", new JsonObject { ["ask"] = "greedy", ["model"] = model, ["adapter"] = adapter, ["ids"] = Array(ids), ["count"] = count });

    public int[] Tokenize(string model, string text, bool special) =>
        Ask<int[]>("ids", new JsonObject { ["ask"] = "tokenize", ["model"] = model, ["text"] = text, ["special"] = special });

    public void Quantise(string model, string target, string type) =>
        Assert.True(Ask<bool>("done", new JsonObject { ["ask"] = "quantise", ["model"] = model, ["out"] = target, ["type"] = type }));

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private T Ask<T>(string key, JsonObject question)
    {
        _process.StandardInput.WriteLine(question.ToJsonString());
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("llama.cpp's process ended."))!;
        Assert.Null((string?)answer["error"]);
        return answer[key].Deserialize<T>(Json)!;
    }

    private static JsonArray Array(int[] ids) => new([.. ids.Select(id => (JsonNode?)JsonValue.Create(id))]);
}
