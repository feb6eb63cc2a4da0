using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>
/// Weights of a delta rule that go by value heads: the model has the heads of the first key head, then those of the second; files have the first of
/// every key head, then the second of every one.
/// </summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
internal sealed record ValueHeadsForm(string Tensor) : GgufForm
{
    /// <summary>The tensor's end, where it is not the weight's.</summary>
    public string? End { get; init; }

    /// <summary>Numbers of a head along <see cref="Axis"/>.</summary>
    public Func<DeltaRuleShape, int> Width { get; init; } = shape => shape.ValueWidth;

    /// <summary>The dimension that heads follow each other along.</summary>
    public int Axis { get; init; }

    /// <summary>Rows before those of value heads, which stay where they are: those of queries and keys.</summary>
    public Func<DeltaRuleShape, int> Before { get; init; } = _ => 0;

    public bool HasTaps { get; init; }

    public GgufNumbers Numbers { get; init; }

    /// <summary>Queries and keys before the values.</summary>
    public static int QueriesAndKeys(DeltaRuleShape shape) => 2 * shape.KeyHeads * shape.KeyWidth;

    public override IEnumerable<GgufPlace> Places(GgufSite site)
    {
        var delta = site.Config.DeltaRule!;
        long[] shape = HasTaps ? [site.Shape[0], site.Shape[2]] : site.Shape;
        var (before, values) = ((long)Before(delta), (long)delta.ValueHeads * Width(delta));
        var place = site.Place(Tensor, shape, End);
        place = place with { Numbers = Numbers, IsExact = HasTaps || place.IsExact };
        Tensor Plain(Tensor weight) => HasTaps ? weight.squeeze(1) : weight;
        Tensor Heads(Tensor numbers, long first, long second) => numbers.narrow(Axis, before, values)
            .view([.. numbers.shape[..Axis], first, second, Width(delta), .. numbers.shape[(Axis + 1)..]]);
        if (before > 0) yield return place with
        {
            OfWeight = weight => Plain(weight).narrow(0, 0, before),
            OfTensor = stored => stored.narrow(0, 0, before),
        };
        var each = delta.ValueHeads / delta.KeyHeads;
        yield return place with
        {
            OfWeight = weight => Heads(Plain(weight), delta.KeyHeads, each).transpose(Axis, Axis + 1),
            OfTensor = stored => Heads(stored, each, delta.KeyHeads),
        };
    }
}
