using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// Sums and means over the trained tokens of each response. B responses, T tokens. Values at masked positions are replaced, not
/// multiplied by zero, so that even NaN there changes neither the result nor the gradient. Results belong to the current scope.
/// </summary>
public static class Masked
{
    /// <summary>(B, T) values with zeros where the mask is 0, so that whatever stood there has neither value nor gradient.</summary>
    public static Tensor Fill(Tensor values, Tensor mask) => values.masked_fill(mask == Scalars.Of(0), Scalars.Of(0));

    /// <summary>(B, T) values, (B, T) mask -> (B) sums; 0 for a response without trained tokens.</summary>
    public static Tensor Sum(Tensor values, Tensor mask) => Fill(values, mask).sum(-1);

    /// <summary>(B, T) values, (B, T) mask -> (B) means; 0 for a response without trained tokens.</summary>
    public static Tensor Mean(Tensor values, Tensor mask) => Sum(values, mask) / Length(mask).clamp_min(Scalars.Of(1L)).to(values.dtype);

    /// <summary>(B, T) mask -> (B) trained tokens, the |y| of the equations.</summary>
    public static Tensor Length(Tensor mask) => (mask != Scalars.Of(0)).sum(-1);
}

/// <summary>Logarithms of probability ratios.</summary>
internal static class LogRatio
{
    /// <summary>The bound of |log π_θ/π_old| beyond which ratios are cut off: e^20 is 4.9e8, finite in fp32 even times a squared residual.</summary>
    public const double Largest = 20;
}

/// <summary>
/// Collects scalar tensors and reads them in one transfer, so that metrics cost one synchronisation with the device:
/// <c>new MetricReader { ["residual"] = residual.abs().mean() }.Read()</c>.
/// </summary>
public sealed class MetricReader
{
    private readonly List<string> _names = [];
    private readonly List<Tensor> _scalars = [];

    /// <summary>Adds a metric: a tensor of one element, without gradient from here on. It must live until <see cref="Read"/>.</summary>
    public Tensor this[string name]
    {
        set
        {
            _names.Add(name);
            _scalars.Add(value.detach().to(ScalarType.Float64));
        }
    }

    /// <summary>The numbers by name.</summary>
    public Dictionary<string, double> Read()
    {
        if (_scalars.Count == 0) return [];
        using var scope = NewDisposeScope();
        var values = stack(_scalars).cpu().data<double>().ToArray();
        return _names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}

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
