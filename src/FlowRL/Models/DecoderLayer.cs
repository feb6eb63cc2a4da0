using static TorchSharp.torch;

namespace FlowRL.Models;

/// <summary>One pre-norm transformer layer: grouped-query attention, then a SwiGLU feed-forward block. Borrows its weights.</summary>
internal sealed class DecoderLayer
{
    private readonly DecoderConfig _config;
    private readonly int _index;
    private readonly RmsNorm _inputNorm, _postNorm;
    private readonly RmsNorm? _queryNorm, _keyNorm;
    private readonly Linear _query, _key, _value, _output, _gate, _up, _down;

    public DecoderLayer(DecoderConfig config, int index, Func<string, long[], Tensor> weight)
    {
        (_config, _index) = (config, index);
        var prefix = $"model.layers.{index}.";
        long width = config.Width, queries = config.Heads * config.HeadWidth, keys = config.KeyValueHeads * config.HeadWidth;
        long hidden = config.FeedForwardWidth;
        RmsNorm Norm(string name, long size) => new(weight($"{prefix}{name}.weight", [size]), config.NormEpsilon);
        Linear Project(string name, long outputs, long inputs, bool bias) =>
            new(weight($"{prefix}{name}.weight", [outputs, inputs]), bias ? weight($"{prefix}{name}.bias", [outputs]) : null);

        _inputNorm = Norm("input_layernorm", width);
        _query = Project("self_attn.q_proj", queries, width, config.QueryKeyValueBias);
        _key = Project("self_attn.k_proj", keys, width, config.QueryKeyValueBias);
        _value = Project("self_attn.v_proj", keys, width, config.QueryKeyValueBias);
        _output = Project("self_attn.o_proj", width, queries, config.OutputBias);
        _queryNorm = config.QueryKeyNorm ? Norm("self_attn.q_norm", config.HeadWidth) : null;
        _keyNorm = config.QueryKeyNorm ? Norm("self_attn.k_norm", config.HeadWidth) : null;
        _postNorm = Norm("post_attention_layernorm", width);
        _gate = Project("mlp.gate_proj", hidden, width, config.FeedForwardBias);
        _up = Project("mlp.up_proj", hidden, width, config.FeedForwardBias);
        _down = Project("mlp.down_proj", width, hidden, config.FeedForwardBias);
    }

    /// <summary>(N, D) to (N, D).</summary>
    public Tensor Apply(Tensor x, (Tensor Cos, Tensor Sin) rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var attended = x.Plus(Attend(_inputNorm.Apply(x), rotation, attention));
        return attended.Plus(FeedForward(_postNorm.Apply(attended))).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, (Tensor Cos, Tensor Sin) rotation, IAttention attention)
    {
        using var scope = NewDisposeScope();
        var q = Heads(_query.Apply(x), _config.Heads);         // (N, H, Dh)
        var k = Heads(_key.Apply(x), _config.KeyValueHeads);   // (N, Hkv, Dh)
        var v = Heads(_value.Apply(x), _config.KeyValueHeads); // (N, Hkv, Dh)
        q = RotaryEmbedding.Rotate(_queryNorm?.Apply(q) ?? q, rotation);
        k = RotaryEmbedding.Rotate(_keyNorm?.Apply(k) ?? k, rotation);
        return _output.Apply(attention.Attend(_index, q, k, v)).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (gate, up) = (_gate.Apply(x), _up.Apply(x));
        var gated = FusedGate.Fits(gate) ? FusedGate.Apply(gate, up) : nn.functional.silu(gate) * up;
        return _down.Apply(gated).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor x, int heads) => x.view(-1, heads, _config.HeadWidth);
}
