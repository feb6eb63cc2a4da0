using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>Where named weights come from: a safetensors file, a sharded checkpoint, an imported format. Names are Hugging Face's.</summary>
public interface IWeightSource : IDisposable
{
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Reads one tensor in its stored type, on the CPU; the caller owns it.</summary>
    Tensor Read(string name);
}
