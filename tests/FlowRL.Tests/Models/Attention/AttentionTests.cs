using CsCheck;
using FlowRL.Models.Attention;
using FlowRL.Numerics;
using FlowRL.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Models.Attention;

/// <summary>Kernels, tensor operations and the cached way give what the definition of attention by a rule gives, and its gradients.</summary>
public sealed class AttentionTests
{
    /// <summary>Heads of every width relative to registers, groups of query heads, windows from one key to more than there are, all that a rule has.</summary>
    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 2], Gen.OneOf(2, 6, 8, 12, 16, 20, 24, 32, 48)),
        Gen.Select(Gen.OneOf<int?>(null, 1, 2, 3, 5, 8, 17, 31, 40, 200), Gen.OneOf<double?>(null, 0.3), Gen.OneOf<double?>(null, 1.5), Gen.Bool),
        Gen.Select(Gen.Int[0, 45], Gen.Int[0, 75].Array[1, 4]),
        (sizes, rule, lengths) => new Case(sizes.Item1 * sizes.Item2, sizes.Item2, sizes.Item3,
            new AttentionRule { Window = rule.Item1, Scale = rule.Item2, SoftCap = rule.Item3, HasSinks = rule.Item4 }, lengths.Item1, lengths.Item2));

    [Fact]
    public void Kernels_and_tensor_operations_give_what_the_definition_gives() => Cases.Sample(Check, iter: 60, threads: 1);

    /// <summary>Plain sequences and shared prompts of every length relative to tiles and blocks; a branch may be empty.</summary>
    [Theory]
    [InlineData(1, 1, 16, 0, 1)]
    [InlineData(2, 1, 8, 3, 0, 5)]
    [InlineData(2, 2, 32, 0, 40, 1, 33)]
    [InlineData(6, 2, 16, 11, 27, 1, 30, 4)]
    [InlineData(1, 1, 64, 70, 3, 70)]
    [InlineData(4, 1, 24, 31, 1, 2)]
    public void All_keys_before_are_seen_by_the_plain_rule(int heads, int keyHeads, int width, int prompt, params int[] branches) =>
        Check(new Case(heads, keyHeads, width, AttentionRule.Plain, prompt, branches));

    /// <summary>Windows whose first keys are no multiple of a tile's rows, over several blocks of queries that share key heads.</summary>
    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(20)]
    public void Blocks_after_each_other_get_nothing_of_one_anothers_scores(int window) =>
        Check(new Case(6, 2, 20, new AttentionRule { Window = window, SoftCap = 1.5 }, 1, [75, 33, 70]));

    [Fact]
    public void Gradients_are_the_slopes_of_what_kernels_give()
    {
        using var scope = NewDisposeScope();
        var rule = new AttentionRule { Window = 7, Scale = 0.4, SoftCap = 2, HasSinks = true };
        var item = new Case(4, 2, 12, rule, 9, [14, 3]);
        using var pack = item.Pack();
        var values = item.Inputs(pack);
        Tensor Function(Tensor[] x) => FusedAttention.Apply(x[0], x[1], x[2], pack, rule, x[3]);
        var (_, gradients) = Gradients.Of(Function, values);
        for (var input = 0; input < values.Length; input++)
        {
            var direction = randn(values[input].shape, generator: new Generator(8));
            double At(double step)
            {
                Tensor[] moved = [.. values];
                moved[input] = values[input].add(direction, Scalars.Of(step));
                return Gradients.Weighed(Function(moved).to_type(ScalarType.Float64)).item<double>();
            }
            const double step = 5e-3;
            var slope = (At(step) - At(-step)) / (2 * step);
            var expected = (gradients[input] * direction).sum().item<float>();
            Assert.InRange(Math.Abs(slope - expected), 0, 2e-3 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void A_token_sees_of_the_cache_what_it_sees_of_a_pack() => Cases.Sample(item =>
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var pack = item.Pack();
        var inputs = item.Inputs(pack);
        var expected = Expected(item, inputs, pack);
        var config = TinyModels.Config() with { Heads = item.Heads, KeyValueHeads = item.KeyHeads, HeadWidth = item.Width, Layers = 1 };
        using var cache = new KeyValueCache(config, pack.Sequences, pack.Longest, CPU);
        var places = Enumerable.Range(0, pack.Sequences).SelectMany(row => Enumerable.Range(0, pack.Length(row)).Select(t => (row, t))).ToList();
        var tokens = tensor(places.Select(place => (long)pack.Token(place.row, place.t)).ToArray());
        cache.Write(0, tensor(places.Select(place => (long)place.row * cache.Context + place.t).ToArray()),
            inputs[1].index_select(0, tokens), inputs[2].index_select(0, tokens));
        // The last token of each sequence once more, now as a new one.
        int[] lengths = [.. Enumerable.Range(0, pack.Sequences).Select(row => pack.Length(row) - 1)];
        var last = tensor(lengths.Select((length, row) => (long)pack.Token(row, length)).ToArray());
        using var attention = new CachedAttention(cache, lengths, CPU);
        var layer = new LayerAttention(0, item.Rule, item.Rule.HasSinks ? inputs[3] : null);
        var found = attention.Attend(layer, inputs[0].index_select(0, last), inputs[1].index_select(0, last), inputs[2].index_select(0, last));
        Assert.InRange((found - expected.index_select(0, last)).abs().max().item<float>(), 0, 1e-5);
    }, iter: 30, threads: 1);

    [Fact]
    public void Nothing_stays_alive_after_a_backward_pass()
    {
        using var outer = NewDisposeScope();
        var rule = new AttentionRule { Window = 5, SoftCap = 3, HasSinks = true };
        var item = new Case(4, 2, 12, rule, 9, [14, 3]);
        using var pack = item.Pack();
        var inputs = item.Inputs(pack).Select(input => input.requires_grad_(true)).ToArray();
        void Once()
        {
            using var scope = NewDisposeScope();
            FusedAttention.Apply(inputs[0], inputs[1], inputs[2], pack, rule, inputs[3]).sum().backward();
            foreach (var input in inputs) input.grad!.Dispose();
        }
        Once();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 50; i++) Once();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Check(Case item)
    {
        using var scope = NewDisposeScope();
        using var pack = item.Pack();
        using var packed = new PackedAttention(pack);
        Tensor? Sinks(Tensor[] x) => item.Rule.HasSinks ? x[3] : null;
        long[][] shapes = [.. item.Inputs(pack).Select(input => input.shape)];
        Gradients.Agree(x => FusedAttention.Apply(x[0], x[1], x[2], pack, item.Rule, Sinks(x)), x => Expected(item, x, pack), shapes);
        Gradients.Agree(x => packed.AttendPlainly(new LayerAttention(0, item.Rule, Sinks(x)), x[0], x[1], x[2]), x => Expected(item, x, pack), shapes);
    }

    /// <summary>Attention token by token, as it is defined.</summary>
    private static Tensor Expected(Case item, Tensor[] inputs, PackedSequences pack)
    {
        var (q, rule) = (inputs[0], item.Rule);
        var groups = item.Heads / item.KeyHeads;
        var (keys, values) = (inputs[1].repeat_interleave(groups, 1), inputs[2].repeat_interleave(groups, 1));
        var rows = new Tensor[q.shape[0]];
        for (var sequence = 0; sequence < pack.Sequences; sequence++)
        {
            for (var t = 0; t < pack.Length(sequence); t++)
            {
                var token = pack.Token(sequence, t);
                if (rows[token] is not null) continue;
                var seen = tensor(Enumerable.Range(0, t + 1).Where(place => !(t - place >= rule.Window))
                    .Select(position => (long)pack.Token(sequence, position)).ToArray());
                var scores = (q[token].unsqueeze(0) * keys.index_select(0, seen)).sum([2L]) * Scalars.Of(rule.Scale ?? 1 / Math.Sqrt(item.Width)); // (t, H)
                if (rule.SoftCap is { } cap) scores = (scores / Scalars.Of(cap)).tanh() * Scalars.Of(cap);
                if (rule.HasSinks) scores = cat([scores, inputs[3].unsqueeze(0)]);
                var weights = scores.softmax(0).narrow(0, 0, seen.shape[0]);
                rows[token] = (weights.unsqueeze(2) * values.index_select(0, seen)).sum([0L]).view(1, -1);
            }
        }
        return cat(rows);
    }

    private sealed record Case(int Heads, int KeyHeads, int Width, AttentionRule Rule, int Prompt, int[] Branches)
    {
        /// <summary>Some sequences that share a prompt, and another one.</summary>
        public PackedSequences Pack()
        {
            static int[] Tokens(int count) => [.. Enumerable.Range(0, count)];
            // Without a prompt, no sequence may be empty.
            var branches = Branches.Select(length => (Tokens(Prompt), Tokens(Math.Max(length, Prompt == 0 ? 1 : 0))));
            return new PackedSequences([.. branches, (Tokens(9), Tokens(2))], CPU);
        }

        /// <summary>Queries, keys, values, and sinks where there are some.</summary>
        public Tensor[] Inputs(PackedSequences pack)
        {
            var (tokens, generator) = (pack.Ids.shape[0], new Generator(3));
            List<long[]> shapes = [[tokens, Heads, Width], [tokens, KeyHeads, Width], [tokens, KeyHeads, Width]];
            if (Rule.HasSinks) shapes.Add([Heads]);
            return [.. shapes.Select(shape => randn(shape, generator: generator))];
        }
    }
}
