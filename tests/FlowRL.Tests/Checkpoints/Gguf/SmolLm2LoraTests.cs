using System.Text.Json;
using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Models;
using FlowRL.Models.Attention;
using FlowRL.Models.Families;
using FlowRL.Numerics.Products;
using FlowRL.Tests.Support;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Checkpoints.Gguf;

/// <summary>Adapters trained over a real chat model in GGUF, against the reference's three steps; skipped by name where the model is not there.</summary>
public sealed class SmolLm2LoraTests
{
    private const string Name = "smollm2-135m";
    private const double LearningRate = 1e-3;

    private static readonly string[] Modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    private static string In(params string[] parts) => Path.Combine([SharedModels.PathOf(Name), .. parts]);

    [Fact]
    public void Adapters_of_all_matrices_take_the_references_steps()
    {
        using var named = LinearProducts.Named(own: false); // as the reference computes: Adam makes steps of what rounding leaves of a gradient near 0
        using var decoder = Open(new LoraOptions { Rank = 8, Alpha = 16 });
        using (no_grad())
        {
            foreach (var (name, weight) in decoder.Adapters!.Weights)
            {
                using var initial = name.Contains("lora_B", StringComparison.Ordinal) ? zeros(weight.shape) : tensor(Initial(name, weight.shape)).view(weight.shape);
                weight.copy_(initial);
            }
        }
        Train(decoder, "r8_all");
        using var final = SafetensorsFile.Open(In("lora-r8-final-layers-0-29.safetensors"));
        Assert.Equal(28, final.Names.Count);
        Compare(decoder, final);
    }

    [Fact]
    public void Adapters_of_queries_and_values_take_the_references_steps()
    {
        using var named = LinearProducts.Named(own: false);
        using var decoder = Open(new LoraOptions { Rank = 2, Alpha = 4, TargetModules = [Projection.QProj, Projection.VProj] });
        using (var initial = SafetensorsFile.Open(In("lora-r2-qv", "initial", "adapter_model.safetensors")))
            decoder.Adapters!.Weights.CopyFrom(initial, "initial");
        Train(decoder, "r2_qv");
        using var final = SafetensorsFile.Open(In("lora-r2-qv", "final", "adapter_model.safetensors"));
        Assert.Equal(120, final.Names.Count);
        Compare(decoder, final);
    }

    private static Decoder Open(LoraOptions options)
    {
        var (config, weights, _) = GgufModel.Open(In("SmolLM2-135M-Instruct.Q4_1.gguf"), ModelFamilies.BuiltIn);
        using (weights)
        {
            var decoder = new Decoder(config, CPU, lora: options);
            decoder.Load(weights, Name);
            return decoder;
        }
    }

    private static void Train(Decoder decoder, string run)
    {
        var golden = JsonDocument.Parse(File.ReadAllBytes(In("lora-steps.json"))).RootElement;
        var texts = golden.GetProperty("texts").EnumerateArray()
            .Select(text => (Ids: text.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray(), From: text.GetProperty("answer_from").GetInt32())).ToArray();
        var losses = golden.GetProperty(run).GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()).ToArray();
        var steps = golden.GetProperty(run).GetProperty("steps").EnumerateArray().ToArray();
        using var optimizer = new AdamW(new OptimizerOptions { LearningRate = LearningRate, WeightDecay = 0, Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-8 });
        optimizer.AddGroup("", decoder.Trainable, 1);
        for (var step = 0; step < steps.Length; step++)
        {
            optimizer.ZeroGradients();
            Assert.Equal(losses[step], Loss(decoder, texts, trains: true), 2e-5);
            var norm = optimizer.GradientNorm();
            Near(steps[step].GetProperty("grad_norm").GetDouble(), norm);
            foreach (var (name, weight) in decoder.Trainable)
                Near(steps[step].GetProperty("grad_norms").GetProperty(name).GetDouble(), weight.grad is { } gradient ? gradient.norm().item<float>() : 0);
            optimizer.Step(LearningRate, Math.Min(1, 1 / (norm + 1e-6)));
        }
        Assert.Equal(losses[^1], Loss(decoder, texts, trains: false), 2e-5);
    }

    /// <summary>The mean of −log p over the tokens of all answers.</summary>
    private static double Loss(Decoder decoder, (int[] Ids, int From)[] texts, bool trains)
    {
        using var scope = NewDisposeScope();
        using var pack = new PackedSequences([.. texts.Select(text => text.Ids)], CPU);
        using var attention = new PackedAttention(pack);
        var hidden = decoder.Hidden(pack.Ids, attention);
        var answers = texts.SelectMany((text, row) => Enumerable.Range(text.From, text.Ids.Length - text.From).Select(t => (Row: row, Before: t - 1, Id: text.Ids[t]))).ToArray();
        Assert.Equal(61, answers.Length);
        var places = tensor(answers.Select(answer => (long)pack.Token(answer.Row, answer.Before)).ToArray());
        var (logProbs, _) = decoder.LogProbs(hidden.index_select(0, places), tensor(answers.Select(answer => (long)answer.Id).ToArray()), 1);
        var loss = logProbs.mean().neg();
        if (trains) loss.backward();
        return loss.item<float>();
    }

    /// <summary>Where a gradient is near 0, Adam turns rounding into a step: the mean counts, and how many numbers are off.</summary>
    private static void Compare(Decoder decoder, SafetensorsFile final)
    {
        foreach (var name in final.Names)
        {
            using var scope = NewDisposeScope();
            var off = (decoder.Adapters!.Weights[name].detach() - final.Read(name)).abs();
            Assert.InRange(off.mean().item<float>(), 0, 1e-6);
            Assert.InRange(off.gt(1e-5).to(ScalarType.Float32).mean().item<float>(), 0, 1e-3);
        }
    }

    private static void Near(double expected, double actual) => Assert.InRange(actual, expected * (1 - 1e-3) - 1e-7, expected * (1 + 1e-3) + 1e-7);

    /// <summary>The reference's draws for the first matrix of a module, by a counter (README of the golden data).</summary>
    private static float[] Initial(string name, long[] shape)
    {
        var parts = name.Split('.');
        var layer = int.Parse(parts[Array.IndexOf(parts, "layers") + 1], System.Globalization.CultureInfo.InvariantCulture);
        var stream = (ulong)(7 * layer + Array.IndexOf(Modules, parts[^3])) << 32;
        var bound = 1 / Math.Sqrt(shape[1]);
        return [.. Enumerable.Range(0, (int)(shape[0] * shape[1])).Select(i =>
        {
            var z = (stream + (ulong)i + 1) * 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (float)((2 * ((z >> 40) / (double)(1 << 24)) - 1) * bound);
        })];
    }
}
