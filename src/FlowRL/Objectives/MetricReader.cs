using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>Collects scalar tensors and reads them in one transfer, so that metrics cost one synchronisation with the device.</summary>
internal sealed class MetricReader
{
    private readonly List<string> _names = [];
    private readonly List<Tensor> _scalars = [];

    public Tensor this[string name]
    {
        set
        {
            _names.Add(name);
            _scalars.Add(value.detach().to(ScalarType.Float64));
        }
    }

    public Dictionary<string, double> Read()
    {
        using var scope = NewDisposeScope();
        var values = stack(_scalars).cpu().data<double>().ToArray();
        return _names.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
    }
}
