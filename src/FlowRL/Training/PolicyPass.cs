using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Models.Functions;
using FlowRL.Models.Layers;
using static TorchSharp.torch;

namespace FlowRL.Training;

/// <summary>
/// One forward pass of a micro-batch through the policy, and what is read from it. Legend: B sequences, T the longest response, M
/// response tokens in all (of examples those that are taught), N input tokens, D width. Borrows the model; owns the index tensors and the hidden states.
/// </summary>
internal sealed class PolicyPass : IDisposable
{
    private readonly Decoder _policy;
    private readonly IReadOnlyList<TokenSequence> _sequences;
    private readonly PackedSequences _pack;
    private readonly PackedAttention _attention;
    private readonly ExpertBalance? _balance;
    private readonly Tensor _hidden;    // (N, D)
    private readonly Tensor _predictor; // (M, D) the hidden state before each response token
    private readonly Tensor _places;    // (M) where each response token stands in (B · T)

    /// <param name="policy">Borrowed.</param>
    /// <param name="sequences">What passes through it.</param>
    /// <param name="share">Of an update that this is, from 0 to 1: what the balance of experts counts by, where the model trains it; 0 for no update.</param>
    public PolicyPass(Decoder policy, IReadOnlyList<TokenSequence> sequences, double share = 0)
    {
        (_policy, _sequences) = (policy, sequences);
        LongestResponse = sequences.Max(sequence => sequence.Response.Length);
        _pack = new PackedSequences([.. sequences.Select(sequence => (sequence.Prompt, sequence.Continuation))], policy.Device);
        var (rows, places) = (new List<long>(), new List<long>());
        for (var b = 0; b < sequences.Count; b++)
        {
            for (var t = 0; t < sequences[b].Response.Length; t++)
            {
                if (!sequences[b].IsTaught(t)) continue;
                rows.Add(_pack.Token(b, sequences[b].Prompt.Length - 1 + t));
                places.Add((long)b * LongestResponse + t);
            }
        }
        _places = tensor(places.ToArray(), device: policy.Device).DetachFromDisposeScope();
        if (share > 0 && policy.Config.Experts is { TrainsBalance: true } experts) _balance = new ExpertBalance(share * experts.BalanceCoefficient);
        _attention = new PackedAttention(_pack) { Balance = _balance };
        _hidden = policy.Hidden(_pack.Ids, _attention).DetachFromDisposeScope();
        using var index = tensor(rows.ToArray(), device: policy.Device);
        _predictor = GatheredRows.Apply(_hidden, index).DetachFromDisposeScope();
    }

    /// <summary>T.</summary>
    public int LongestResponse { get; }

    /// <summary>(B, T) log-probabilities and entropies of the response tokens; zeros at padding, and where nothing is taught.</summary>
    public (Tensor LogProbs, Tensor Entropy) LogProbs(double temperature)
    {
        using var scope = NewDisposeScope();
        var ids = _sequences.SelectMany(sequence => sequence.Response.Where((_, t) => sequence.IsTaught(t))).Select(id => (long)id);
        var tokens = tensor(ids.ToArray(), device: _policy.Device);
        var (logProbs, entropy) = _policy.LogProbs(_predictor, tokens, temperature);
        return (Pad(logProbs).MoveToOuterDisposeScope(), Pad(entropy).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// What the balance of experts adds to the loss, by its coefficient and this pass's share of the update; its gradient comes with that of the hidden
    /// states. 0 where the model trains none.
    /// </summary>
    public double BalanceLoss => _balance?.Loss ?? 0;

    /// <summary>(B) log Z of the prompts; without a seed, without dropout.</summary>
    public Tensor LogPartition(PartitionFunction partition, ulong? dropoutSeed) =>
        partition.Evaluate(_hidden, _pack, [.. _sequences.Select(sequence => sequence.Prompt.Length)], dropoutSeed);

    /// <summary>(B, T) values before each response token; zeros at padding.</summary>
    public Tensor Values(ValueHead critic)
    {
        using var scope = NewDisposeScope();
        return Pad(critic.Evaluate(_predictor)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _attention.Dispose();
        _balance?.Dispose();
        _pack.Dispose();
        _hidden.Dispose();
        _predictor.Dispose();
        _places.Dispose();
    }

    private Tensor Pad(Tensor perToken) => zeros((long)_sequences.Count * LongestResponse, device: perToken.device)
        .index_copy(0, _places, perToken).view(_sequences.Count, LongestResponse);
}
