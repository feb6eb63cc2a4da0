using FlowRL.Models;

namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>How a weight of a layer is kept in GGUF files: the names of its tensors and what order their numbers have there.</summary>
internal abstract record GgufForm
{
    /// <summary>The weight as it is, in one tensor of this name.</summary>
    public static implicit operator GgufForm(string tensor) => new WholeForm(tensor);

    /// <summary>The places of a weight's numbers.</summary>
    public abstract IEnumerable<GgufPlace> Places(GgufSite site);
}

/// <summary>The weight that a form is asked for.</summary>
/// <param name="Config">Of the model.</param>
/// <param name="Weight">Its shape and role.</param>
/// <param name="Layer">What the names of its layer's tensors begin with.</param>
/// <param name="End"><c>.weight</c>, <c>.bias</c>, or nothing where the weight's name has no such end.</param>
/// <param name="Expert">Which expert's it is; null for one that is no expert's own.</param>
internal sealed record GgufSite(DecoderConfig Config, WeightShape Weight, string Layer, string End, int? Expert)
{
    public long[] Shape => Weight.Shape;

    /// <summary>A place that has the numbers of all of a weight, or of as many as <paramref name="shape"/> says.</summary>
    public GgufPlace Place(string tensor, long[] shape, string? end = null) => new(Layer + tensor + (end ?? End), shape)
    {
        Numbers = Weight.Role == WeightRole.ShiftedNorm ? GgufNumbers.OneAdded : GgufNumbers.Same,
        IsExact = Weight.Role is not (WeightRole.Matrix or WeightRole.Residual),
    };
}

/// <summary>The weight as it is.</summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
internal sealed record WholeForm(string Tensor) : GgufForm
{
    /// <summary>The tensor's end, where it is not the weight's.</summary>
    public string? End { get; init; }

    /// <inheritdoc cref="GgufPlace.IsExact"/>
    public bool IsExact { get; init; }

    public override IEnumerable<GgufPlace> Places(GgufSite site)
    {
        var place = site.Place(Tensor, site.Shape, End);
        return [place with { IsExact = IsExact || place.IsExact }];
    }
}

/// <summary>The two rows of each rotated pair side by side; the model has the first of all pairs before the second of all, head by head.</summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
/// <param name="Heads">How many heads the rows are.</param>
internal sealed record PairedForm(string Tensor, Func<DecoderConfig, int> Heads) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site)
    {
        var heads = Heads(site.Config);
        return
        [
            site.Place(Tensor, site.Shape) with
            {
                OfWeight = weight => weight.view([heads, 2, -1, .. weight.shape[1..]]).transpose(1, 2),
                OfTensor = stored => stored.view([heads, -1, 2, .. stored.shape[1..]]),
                MovesRowsAlone = true,
            },
        ];
    }
}

/// <summary>The first half of the rows in one tensor, the second in another.</summary>
internal sealed record HalvesForm(string First, string Second) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site)
    {
        var half = site.Shape[0] / 2;
        return new[] { First, Second }.Select((tensor, index) => site.Place(tensor, [half, .. site.Shape[1..]]) with
        {
            OfWeight = weight => weight.narrow(0, index * half, half),
        });
    }
}

/// <summary>A convolution's taps, channel by channel, without the dimension of 1 between.</summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
internal sealed record TapsForm(string Tensor) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site) =>
        [site.Place(Tensor, [site.Shape[0], site.Shape[2]]) with { OfWeight = weight => weight.squeeze(1), IsExact = true }];
}

/// <summary>One expert's matrix in the tensor that has those of all.</summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
internal sealed record ExpertForm(string Tensor) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site) =>
        [site.Place(Tensor, site.Shape) with { Index = site.Expert, Count = site.Config.Experts!.Count }];
}

/// <summary>Inputs behind outputs in files, where the model has them the other way round, expert by expert.</summary>
/// <param name="Tensor">The tensor's name in its layer, without its end.</param>
internal sealed record TransposedForm(string Tensor) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site) =>
        [site.Place(Tensor, [site.Shape[0], site.Shape[2], site.Shape[1]], ".weight") with { OfWeight = weight => weight.transpose(1, 2) }];
}

/// <summary>What stands in even places of the last dimension in one tensor, the rest in another; matrices turned as by <see cref="TransposedForm"/>.</summary>
internal sealed record AlternatingForm(string Even, string Odd) : GgufForm
{
    public override IEnumerable<GgufPlace> Places(GgufSite site)
    {
        var (shape, half) = (site.Shape, site.Shape[^1] / 2);
        var isMatrix = shape.Length == 3;
        return new[] { Even, Odd }.Select((tensor, first) =>
            site.Place(tensor, isMatrix ? [shape[0], half, shape[1]] : [shape[0], half], isMatrix ? ".weight" : ".bias") with
            {
                OfWeight = weight => weight.slice(-1, first, weight.shape[^1], 2) is var every && isMatrix ? every.transpose(1, 2) : every,
            });
    }
}
