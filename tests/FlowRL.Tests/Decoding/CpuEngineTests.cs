using System.Runtime.Intrinsics;
using FlowRL.Decoding;
using FlowRL.Decoding.Cpu;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Tests.Models.Families;
using FlowRL.Tests.Support;
using static TorchSharp.torch;

namespace FlowRL.Tests.Decoding;

/// <summary>The CPU engine's logits are the tensor engine's, in every register width, family and way of sharing work.</summary>
public sealed class CpuEngineTests
{
    public static TheoryData<string, int, int> Shapes()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var family in new[] { "llama", "qwen2", "qwen3" })
        {
            foreach (var lanes in new[] { 16, 8, 4 })
            {
                foreach (var threads in new[] { 1, 2, 3 }) data.Add(family, lanes, threads);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Logits_agree_with_the_tensor_engine(string family, int lanes, int threads)
    {
        using var model = Model(family, ScalarType.Float32);
        using var engine = Engine<Float32Storage, Float32Storage>(model, lanes, threads);
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 0, 2e-4);
    }

    [Theory]
    [InlineData("llama", 12, 16)]
    [InlineData("qwen3", 12, 8)]
    [InlineData("qwen2", 20, 4)]
    [InlineData("qwen3", 6, 16)]
    [InlineData("qwen3", 80, 16)]
    public void Heads_of_any_even_width_are_computed(string family, int headWidth, int lanes)
    {
        using var model = Model(family, ScalarType.Float32, headWidth);
        using var engine = Engine<Float32Storage, Float32Storage>(model, lanes, 2);
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 0, 2e-4);
        using var scarce = Engine<Float32Storage, BFloat16Storage>(model, lanes, 2);
        Assert.InRange(LargestGap(scarce, reference), 1e-5, 0.1);
    }

    public static TheoryData<string> Families =>
        [.. GoldenFamily.Names.Where(name => CpuSupport.Obstacle(new GoldenFamily(name).Config()) is null)];

    /// <summary>Prompts and what follows lie on both sides of windows, and their lengths on both sides of Phi's original context.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_agrees_with_the_tensor_engine(string name)
    {
        using var model = new GoldenFamily(name).Load();
        using var reference = new TensorEngine(model);
        foreach (var (lanes, threads) in new[] { (16, 1), (16, 3), (8, 2), (4, 2) })
        {
            using var engine = Engine<Float32Storage, Float32Storage>(model, lanes, threads);
            Assert.InRange(LargestGap(engine, reference), 1e-9, 5e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_family_has_the_same_bits_for_any_number_of_threads(string name)
    {
        using var model = new GoldenFamily(name).Load();
        using var alone = Engine<Float32Storage, Float32Storage>(model, 16, 1);
        using var many = Engine<Float32Storage, Float32Storage>(model, 16, 3);
        Assert.Equal(0, LargestGap(many, alone));
    }

    [Fact]
    public void A_long_sequence_sees_all_of_its_pages()
    {
        using var model = Model("qwen2", ScalarType.Float32);
        using var engine = Engine<Float32Storage, Float32Storage>(model, 16, 2);
        using var reference = new TensorEngine(model);
        foreach (var e in new[] { engine, reference })
        {
            e.Open(3, 70, 450);
            e.Start([new PromptStart([.. Enumerable.Range(3, 70)], [0, 2]), new PromptStart([5], [1])], (_, _) => { });
        }
        var gap = 0.0;
        for (var step = 0; step < 450; step++)
        {
            var (ours, theirs) = (new float[3][], new float[3][]);
            int[] tokens = [(step * 7 + 1) % 97, (step * 5 + 2) % 97, (step * 3 + 3) % 97];
            engine.Advance([0, 1, 2], tokens, (i, logits) => ours[i] = logits.ToArray());
            reference.Advance([0, 1, 2], tokens, (i, logits) => theirs[i] = logits.ToArray());
            for (var i = 0; i < 3; i++) gap = Math.Max(gap, ours[i].Zip(theirs[i], (a, b) => Math.Abs(a - b)).Max());
        }
        Assert.InRange(gap, 0, 2e-4);
    }

    [Theory]
    [InlineData("llama", 16)]
    [InlineData("qwen3", 8)]
    public void Logits_are_the_same_bits_for_any_number_of_threads(string family, int lanes)
    {
        using var model = Model(family, ScalarType.Float32);
        using var alone = Engine<Float32Storage, Float32Storage>(model, lanes, 1);
        foreach (var threads in new[] { 2, 3, 7 })
        {
            using var many = Engine<Float32Storage, Float32Storage>(model, lanes, threads);
            Assert.Equal(0, LargestGap(many, alone));
        }
    }

    [Fact]
    public void With_BF16_weights_only_the_weights_are_rounded()
    {
        using var model = Model("qwen2", ScalarType.Float32);
        using (no_grad())
        {
            foreach (var (_, weight) in model.Weights)
            {
                using var rounded = weight.to_type(ScalarType.BFloat16);
                if (weight.dim() > 1) weight.copy_(rounded);
            }
        }
        using var engine = Engine<BFloat16Storage, Float32Storage>(model, 16, 2);
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 0, 2e-4);
    }

    [Fact]
    public void A_BF16_model_is_read_as_it_is()
    {
        using var model = Model("llama", ScalarType.Float32);
        using var rounded = Model("llama", ScalarType.BFloat16);
        rounded.Weights.CopyFrom(model.Weights);
        model.Weights.CopyFrom(rounded.Weights);
        using var engine = Engine<BFloat16Storage, Float32Storage>(rounded, 16, 2);
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 0, 2e-4);
    }

    [Fact]
    public void A_BF16_cache_stays_within_a_hundredth_of_the_largest_logit()
    {
        using var model = Model("llama", ScalarType.Float32);
        using var engine = Engine<Float32Storage, BFloat16Storage>(model, 16, 2);
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 1e-5, 0.1);
    }

    [Fact]
    public void A_fault_while_logits_are_read_reaches_the_caller_and_the_engine_still_works()
    {
        using var model = Model("llama", ScalarType.Float32);
        using var engine = Engine<Float32Storage, Float32Storage>(model, 16, 2);
        engine.Open(2, 4, 4);
        Assert.Throws<FormatException>(() => engine.Start([new PromptStart([3, 4], [0])], (_, _) => throw new FormatException()));
        engine.Close();
        using var reference = new TensorEngine(model);
        Assert.InRange(LargestGap(engine, reference), 0, 2e-4);
    }

    /// <summary>Prompts of several lengths, groups of several sizes, sequences that end and slots that are used again.</summary>
    private static double LargestGap(IDecodeEngine engine, IDecodeEngine reference)
    {
        const int slots = 40;
        engine.Open(slots, 20, 12);
        reference.Open(slots, 20, 12);
        var largest = 0.0;
        void Both(int count, Action<IDecodeEngine, LogitsReader> act)
        {
            var (ours, theirs) = (new float[count][], new float[count][]);
            act(engine, (i, logits) => ours[i] = logits.ToArray());
            act(reference, (i, logits) => theirs[i] = logits.ToArray());
            for (var i = 0; i < count; i++) largest = Math.Max(largest, ours[i].Zip(theirs[i], (a, b) => Math.Abs(a - b)).Max());
        }
        int[] Prompt(int length) => [.. Enumerable.Range(0, length).Select(t => (5 * t + length) % 97)];
        Both(5, (e, read) => e.Start([new PromptStart(Prompt(1), [0]), new PromptStart(Prompt(17), [7, 3]), new PromptStart(Prompt(20), [1, 2])], read));
        var active = new List<int> { 0, 7, 3, 1, 2 };
        for (var step = 0; step < 10; step++)
        {
            Both(active.Count, (e, read) => e.Advance([.. active], [.. active.Select(slot => (slot * 31 + step) % 97)], read));
            if (step == 2)
            {
                foreach (var e in new[] { engine, reference }) e.End(7);
                active.Remove(7);
            }
            if (step == 3)
            {
                var more = Enumerable.Range(8, 30).Append(7).ToArray();
                Both(more.Length, (e, read) => e.Start([new PromptStart(Prompt(9), more[..8]), new PromptStart(Prompt(4), more[8..])], read));
                active.AddRange(more);
            }
        }
        engine.Close();
        reference.Close();
        return largest;
    }

    private static Decoder Model(string family, ScalarType type, int headWidth = 32)
    {
        var model = new Decoder(TinyModels.Config(family, vocabulary: 97) with
        {
            Width = 72,
            FeedForwardWidth = 1100,
            HeadWidth = headWidth,
            ContextLength = 520,
            Heads = 4,
            KeyValueHeads = 2,
            InitializerRange = 0.1,
        }, CPU, type);
        model.Initialize(3);
        using var _ = no_grad();
        foreach (var (name, weight) in model.Weights) // biases and norms that do something
        {
            if (weight.dim() == 1) weight.copy_(rand(weight.shape, generator: new Generator((ulong)name.Length)));
        }
        return model;
    }

    private static IDecodeEngine Engine<W, C>(Decoder model, int lanes, int threads)
        where W : struct, IStorage
        where C : struct, IStorage => lanes switch
        {
            16 => new CpuEngine<Simd512, Vector512<float>, W, C>(model, threads),
            8 => new CpuEngine<Simd256, Vector256<float>, W, C>(model, threads),
            _ => new CpuEngine<Simd128, Vector128<float>, W, C>(model, threads),
        };
}
