using static TorchSharp.torch;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>Metrics of a micro-batch: means over each response's trained tokens, then over the responses that have any.</summary>
internal sealed class TokenMetrics(Tensor mask)
{
    private readonly MetricReader _reader = new();

    /// <summary>Adds the mean of (B, T) values.</summary>
    public void Add(string name, Tensor values)
    {
        using var gradientOff = no_grad();
        var responses = (Masked.Length(mask) > Scalars.Of(0L)).sum().clamp_min(Scalars.Of(1L));
        _reader[name] = Masked.Mean(values.detach(), mask).sum() / responses;
    }

    public Dictionary<string, double> Read() => _reader.Read();
}
