using FlowRL.Numerics;
using static TorchSharp.torch;

namespace FlowRL.Models.Adapters;

/// <summary>
/// Dropout on what adapters read, as PEFT has it: each input of A is left out with the rate's probability, and the others are divided by one minus it.
/// Off but within <see cref="Begin"/>. A mask is a function of the seed and the matrix alone, so that a layer that is computed again for its gradient has
/// the same one, and a run that resumes too.
/// </summary>
/// <param name="rate">In [0, 1); 0 leaves nothing out.</param>
internal sealed class AdapterDropout(double rate)
{
    private ulong? _seed;

    /// <summary>Leaves inputs out until the result is disposed; null where the rate is 0.</summary>
    /// <param name="seed">Of this pass.</param>
    public IDisposable? Begin(ulong seed)
    {
        if (rate == 0) return null;
        _seed = seed;
        return new Pass(this);
    }

    /// <summary>x (N, in), thinned where a pass is on.</summary>
    /// <param name="x">What the adapter reads.</param>
    /// <param name="matrix">The name of the adapter's A.</param>
    public Tensor Apply(Tensor x, string matrix)
    {
        if (_seed is not { } seed) return x;
        using var generator = new Generator(Seeds.Derive(seed, matrix), x.device);
        var kept = rand(x.shape, generator: generator, device: x.device).ge(Scalars.Of(rate)).to_type(x.dtype);
        return x * kept / Scalars.Of(1 - rate);
    }

    private sealed class Pass(AdapterDropout dropout) : IDisposable
    {
        public void Dispose() => dropout._seed = null;
    }
}
