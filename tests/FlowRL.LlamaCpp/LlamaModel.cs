using LLama;
using LLama.Common;
using LLama.Native;

namespace FlowRL.LlamaCpp;

/// <summary>A GGUF file in llama.cpp, computed as exactly as it can: no flash attention, keys and values in float32.</summary>
internal sealed class LlamaModel : IDisposable
{
    private readonly LLamaWeights _weights;
    private readonly LLamaContext _context;

    public LlamaModel(string path, string? adapter)
    {
        var parameters = new ModelParams(path)
        {
            ContextSize = 256,
            GpuLayerCount = 0,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
            FlashAttention = false,
            Threads = 1,
            BatchThreads = 1,
            // Otherwise numbers of its own stand before those of files.
            YarnBetaFast = -1,
            YarnBetaSlow = -1,
        };
        _weights = LLamaWeights.LoadFromFile(parameters);
        _context = _weights.CreateContext(parameters);
        if (adapter is not null) _context.NativeHandle.SetLoraAdapters((_weights.NativeHandle.LoadLoraFromFile(adapter), 1f));
    }

    public static void Silence() => NativeLibraryConfig.All.WithLogCallback((level, text) =>
    {
        if (level >= LLamaLogLevel.Error) Console.Error.Write(text);
    });

    public int[] Tokenize(string text, bool special) =>
        [.. _weights.Tokenize(text, add_bos: false, special, System.Text.Encoding.UTF8).Select(token => (int)token)];

    /// <summary>A row for each id.</summary>
    public float[][] Logits(int[] ids)
    {
        Decode(ids, from: 0);
        return [.. Enumerable.Range(0, ids.Length).Select(i => _context.NativeHandle.GetLogitsIth(i).ToArray())];
    }

    /// <summary>The most probable next ids.</summary>
    public int[] Greedy(int[] ids, int count)
    {
        var (given, made) = (ids, new List<int>());
        for (var from = 0; made.Count < count; given = [made[^1]])
        {
            Decode(given, from);
            from += given.Length;
            var row = _context.NativeHandle.GetLogitsIth(given.Length - 1);
            var best = 0;
            for (var i = 1; i < row.Length; i++)
                if (row[i] > row[best]) best = i;
            made.Add(best);
        }
        return [.. made];
    }

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
    }

    private void Decode(int[] ids, int from)
    {
        var batch = new LLamaBatch();
        for (var i = 0; i < ids.Length; i++) batch.Add(ids[i], from + i, LLamaSeqId.Zero, logits: true);
        var result = _context.Decode(batch);
        if (result != DecodeResult.Ok) throw new InvalidOperationException($"llama.cpp answers {result}.");
    }
}
