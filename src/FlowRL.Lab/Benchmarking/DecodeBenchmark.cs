using FlowRL.Decoding;
using FlowRL.Rollouts;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>Sampling with the engine of a recipe, and with plain tensor operations in turn.</summary>
internal sealed class DecodeBenchmark : IDisposable
{
    private readonly DecodeWork _work;
    private readonly BenchOptions _options;
    private readonly TimedEngine _engine;
    private readonly Sampler _sampler;
    private SamplingStatistics _statistics = new(0, 0, 0, TimeSpan.Zero);

    public DecodeBenchmark(DecodeWork work, BenchOptions options)
    {
        (_work, _options) = (work, options);
        _engine = new TimedEngine(DecodeEngines.Create(work.Model, work.Decode), get_num_threads());
        _sampler = new Sampler(work.Model, work.Tokenizer, work.Slots, _engine, work.Decode);
    }

    /// <summary>What the last run sampled: the same in each, as long as the weights stay.</summary>
    public IReadOnlyList<RolloutGroup> Groups { get; private set; } = [];

    public void WarmUp(CancellationToken cancellation) => Alternation.WarmUp(_options, () => Run(_sampler, cancellation));

    /// <summary>Measures, warm.</summary>
    /// <param name="others">What else is resident, by owner, the model's weights left out.</param>
    /// <param name="cancellation">Checked before each decoding step.</param>
    public (Measured Measured, Roofline Roofline) Measure(
        IEnumerable<(string Owner, long Bytes)> others, CancellationToken cancellation)
    {
        var before = PeakMemory.Reset();
        Run(_sampler, cancellation);
        var peak = PeakMemory.Bytes;
        _ = _engine.TakeTimes();

        var contestants = new List<Func<double>> { () => Run(_sampler, cancellation) };
        using var ours = new Sampler(_work.Model, _work.Tokenizer, _work.Slots, _work.Decode);
        using var plain = new Sampler(_work.Model, _work.Tokenizer, _work.Slots, new DecodeOptions { Engine = EngineKind.Tensor });
        if (_work.ComparedTokens > 0)
        {
            RunCompared(plain, cancellation);
            contestants.AddRange(() => RunCompared(ours, cancellation), () => RunCompared(plain, cancellation));
        }
        var seconds = Alternation.Run(_options, cancellation, contestants);
        var (statistics, median) = (_statistics, Alternation.Median(seconds[0]));
        var times = Times(seconds[0].Average());
        var measured = new Measured
        {
            TokensPerSecond = statistics.Tokens / median,
            SpeedupOverTensor = _work.ComparedTokens > 0 ? Alternation.Median(seconds[2]) / Alternation.Median(seconds[1]) : null,
            PeakBytes = peak,
            Seconds = median,
            Runs = seconds[0],
            RooflineSeconds = median - times["packing"] - times["prefill"],
            Time = times,
            Memory = PeakMemory.ByOwner(peak, before, [("weights", PeakMemory.Of(_work.Model)), .. others],
                ("packed_weights", _engine.PackedBytes), ("cache", _engine.CacheBytes)),
        };
        return (measured, RooflineOf(statistics));
    }

    public void Dispose() => _sampler.Dispose();

    private double Run(Sampler sampler, CancellationToken cancellation)
    {
        var groups = new List<RolloutGroup>();
        var observer = new OrderedGroups(_work.Requests, (_, group) => groups.Add(group));
        _statistics = sampler.SampleAsync(_work.Requests, _work.Sampling, observer, cancellation).GetAwaiter().GetResult();
        Groups = groups;
        return _statistics.Elapsed.TotalSeconds;
    }

    private double RunCompared(Sampler sampler, CancellationToken cancellation)
    {
        var options = _work.Sampling with { MaxNewTokens = Math.Min(_work.ComparedTokens, _work.Sampling.MaxNewTokens) };
        return sampler.SampleAsync(_work.Requests, options, IRolloutObserver.None, cancellation).GetAwaiter().GetResult().Elapsed.TotalSeconds;
    }

    private OrderedDictionary<string, double> Times(double meanSeconds)
    {
        var times = new OrderedDictionary<string, double>();
        foreach (var (part, seconds) in _engine.TakeTimes()) times.Add(part, seconds / _options.Repeat);
        times.Add("rest", Math.Max(0, meanSeconds - times.Values.Sum()));
        return times;
    }

    private Roofline RooflineOf(SamplingStatistics statistics)
    {
        static double Bytes(bool isShort) => isShort ? 2 : 4;
        var isShort = _work.Decode.Weights == DecodeType.Bfloat16 || _work.Model.Head.dtype == ScalarType.BFloat16;
        return Roofline.OfDecoding(_work.Model.Config, _work.Model.Weights.Parameters,
            [.. Groups.SelectMany(group => group.Responses.Select(response => (group.PromptIds.Length, response.Length)))],
            statistics.Steps,
            (Bytes(isShort), Bytes(_work.Decode.Cache == DecodeType.Bfloat16)));
    }
}
