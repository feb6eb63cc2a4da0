using System.Diagnostics;
using FlowRL.Decoding;

namespace FlowRL.Lab.Benchmarking;

/// <summary>An engine with a clock on each of its parts. Owns the engine.</summary>
internal sealed class TimedEngine(IDecodeEngine engine, int threads) : IDecodeEngine
{
    private long _packing, _prefill, _steps, _drawing; // ticks
    private long _drawn;                               // ticks of all threads since the pass began

    /// <summary>The most that the engine held.</summary>
    public long PackedBytes { get; private set; }

    public long CacheBytes { get; private set; }

    /// <summary>
    /// Seconds since the last call, which starts the clocks anew. Drawing happens on all threads inside prefill and steps: its time is
    /// that of a thread, and is taken off theirs.
    /// </summary>
    public IReadOnlyDictionary<string, double> TakeTimes()
    {
        double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;
        var times = new OrderedDictionary<string, double>
        {
            ["packing"] = Seconds(_packing),
            ["prefill"] = Seconds(_prefill),
            ["steps"] = Seconds(_steps),
            ["drawing"] = Seconds(_drawing),
        };
        _packing = _prefill = _steps = _drawing = 0;
        return times;
    }

    public void Open(int slots, int longestPrompt, int longestResponse)
    {
        var start = Stopwatch.GetTimestamp();
        engine.Open(slots, longestPrompt, longestResponse);
        _packing += Stopwatch.GetTimestamp() - start;
    }

    public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read)
    {
        var start = Stopwatch.GetTimestamp();
        engine.Start(prompts, Clocked(read));
        _prefill += Stopwatch.GetTimestamp() - start - TakeDrawing();
        Weigh();
    }

    public void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read)
    {
        var start = Stopwatch.GetTimestamp();
        engine.Advance(slots, tokens, Clocked(read));
        _steps += Stopwatch.GetTimestamp() - start - TakeDrawing();
        Weigh();
    }

    public void End(int slot) => engine.End(slot);

    public void Close() => engine.Close();

    public void Dispose() => engine.Dispose();

    /// <summary>The cache grows with the sequences.</summary>
    private void Weigh()
    {
        if (engine is not IMeasuredEngine measured) return;
        PackedBytes = Math.Max(PackedBytes, measured.PackedBytes);
        CacheBytes = Math.Max(CacheBytes, measured.CacheBytes);
    }

    private LogitsReader Clocked(LogitsReader read) => (index, logits) =>
    {
        var start = Stopwatch.GetTimestamp();
        read(index, logits);
        Interlocked.Add(ref _drawn, Stopwatch.GetTimestamp() - start);
    };

    private long TakeDrawing()
    {
        var ticks = Interlocked.Exchange(ref _drawn, 0) / threads;
        _drawing += ticks;
        return ticks;
    }
}
