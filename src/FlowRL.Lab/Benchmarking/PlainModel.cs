using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowRL.Lab.Benchmarking;

/// <summary>
/// Loss and gradients of a decoder with the plain operations of the tensor library: padded rows, one operation after the other, all
/// logits at once. The yardstick of the trainer's speed, so it stays as it is. Legend: B sequences, T the longest, D width, H heads,
/// Dh head width, M response tokens, V vocabulary. Borrows the weights, which are fp32.
/// </summary>
internal sealed class PlainModel
{
    private readonly Decoder _model;
    private readonly DecoderConfig _config;

    /// <exception cref="BadInputException">The model has a part that the yardstick lacks.</exception>
    public PlainModel(Decoder model)
    {
        DecoderParts.Require("The plain model", model.Config,
            DecoderPart.QueryKeyValueBias, DecoderPart.OutputBias, DecoderPart.FeedForwardBias, DecoderPart.QueryKeyNorm);
        (_model, _config) = (model, model.Config);
    }

    /// <summary>Adds the gradient of the mean negative log-likelihood of the responses; returns the loss.</summary>
    public double Backward(IReadOnlyList<TokenSequence> sequences)
    {
        using var scope = NewDisposeScope();
        var longest = sequences.Max(sequence => sequence.Length);
        var ids = new long[sequences.Count * longest];
        var (rows, targets) = (new List<long>(), new List<long>());
        foreach (var (b, sequence) in sequences.Index())
        {
            foreach (var (t, id) in sequence.Prompt.Concat(sequence.Continuation).Index()) ids[b * longest + t] = id;
            for (var t = 0; t < sequence.Response.Length; t++)
            {
                rows.Add((long)b * longest + sequence.Prompt.Length - 1 + t);
                targets.Add(sequence.Response[t]);
            }
        }
        var hidden = Hidden(tensor(ids), sequences.Count, longest).index_select(0, tensor(rows.ToArray())); // (M, D)
        var logProbs = log_softmax(linear(hidden, _model.Head), 1);                                          // (M, V)
        var loss = -logProbs.gather(1, tensor(targets.ToArray()).unsqueeze(1)).sum() / Scalars.Of((double)targets.Count);
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>(B · T, D).</summary>
    private Tensor Hidden(Tensor ids, int sequences, int longest)
    {
        using var scope = NewDisposeScope();
        var (cos, sin) = RotaryEmbedding.Table(_config.RotaryOf(0)!, longest);
        Tensor Angles(float[] table) => tensor(table, [longest, 1, _config.HeadWidth / 2]).repeat(sequences, 1, 1);
        var rotation = (Angles(cos), Angles(sin));
        var x = _model.Embedding.index_select(0, ids);
        foreach (var layer in _model.Layout.Layers) x = Layer(x, layer, rotation, sequences, longest);
        return Norm(x, _model.Layout.FinalNorm).MoveToOuterDisposeScope();
    }

    private Tensor Layer(Tensor x, LayerLayout layer, (Tensor Cos, Tensor Sin) rotation, int sequences, int longest)
    {
        using var scope = NewDisposeScope();
        var attended = x.Plus(Attend(Norm(x, layer.InputNorm!), layer, rotation, sequences, longest));
        var normed = Norm(attended, layer.PostNorm!);
        var gated = silu(Project(normed, layer[Projection.GateProj])) * Project(normed, layer[Projection.UpProj]);
        return attended.Plus(Project(gated, layer[Projection.DownProj])).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, LayerLayout layer, (Tensor Cos, Tensor Sin) rotation, int sequences, int longest)
    {
        using var scope = NewDisposeScope();
        Tensor Heads(Projection part) => Project(x, layer[part]).view(sequences * longest, -1, _config.HeadWidth); // (B · T, H, Dh)
        Tensor Rows(Tensor heads) => heads.view(sequences, longest, -1, _config.HeadWidth).transpose(1, 2);        // (B, H, T, Dh)
        var (q, k, v) = (Heads(Projection.QProj), Heads(Projection.KProj), Heads(Projection.VProj));
        if (layer is { QueryNorm: { } queryNorm, KeyNorm: { } keyNorm }) (q, k) = (Norm(q, queryNorm), Norm(k, keyNorm));
        (q, k) = (Rotate(q, rotation), Rotate(k, rotation));
        var groups = _config.Heads / _config.KeyValueHeads;
        Tensor Repeat(Tensor rows) => groups == 1 ? rows : rows.repeat_interleave(groups, 1);
        var mixed = scaled_dot_product_attention(Rows(q), Repeat(Rows(k)), Repeat(Rows(v)), is_casual: true);
        return Project(mixed.transpose(1, 2).reshape(sequences * longest, -1), layer[Projection.OProj]).MoveToOuterDisposeScope();
    }

    /// <summary>The pair (i, i + Dh/2) of each head turns.</summary>
    private static Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        using var scope = NewDisposeScope();
        var halves = x.chunk(2, -1);
        var (a, b) = (halves[0], halves[1]);
        return cat([a * rotation.Cos - b * rotation.Sin, (b * rotation.Cos).Plus(a * rotation.Sin)], -1).MoveToOuterDisposeScope();
    }

    private Tensor Norm(Tensor x, WeightShape norm)
    {
        using var scope = NewDisposeScope();
        var inverse = x.Squared().mean([-1], keepdim: true).PlusInPlace(_config.NormEpsilon).rsqrt_();
        return (x * inverse * _model.Weights[norm.Name]).MoveToOuterDisposeScope();
    }

    private Tensor Project(Tensor x, ProjectionLayout projection) =>
        linear(x, _model.Weights[projection.Matrix.Name], projection.Bias is { } bias ? _model.Weights[bias.Name] : null);
}
