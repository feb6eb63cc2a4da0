using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Decoding;
using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>What a decoding step takes as responses grow to 4,096 tokens, beside what the bytes of the cache that it reads would take alone.</summary>
internal static class LongResponses
{
    private const int Prompt = 24, Longest = 4096;
    private static readonly int[] Lengths = [64, 256, 1024, 2048, Longest];

    /// <param name="name">A shape of <c>flowrl bench</c>.</param>
    /// <param name="sequences">Side by side.</param>
    public static JsonObject Measure(string name, int sequences)
    {
        var shape = BenchmarkShape.ByName(name);
        var type = shape.IsShort ? DecodeType.Bfloat16 : DecodeType.Float32;
        using var model = new Decoder(shape.Config with { ContextLength = Prompt + Longest }, CPU, shape.IsShort ? ScalarType.BFloat16 : ScalarType.Float32);
        model.Initialize(1);
        using var engine = DecodeEngines.Create(model, new DecodeOptions { Weights = type, Cache = type });
        engine.Open(sequences, Prompt, Longest);
        int[] slots = [.. Enumerable.Range(0, sequences)];
        engine.Start([.. slots.Select(slot => new PromptStart([.. Enumerable.Range(3 + slot, Prompt)], [slot]))], (_, _) => { });
        var seconds = new List<double>();
        for (var step = 1; step <= Longest; step++)
        {
            var clock = Stopwatch.StartNew();
            engine.Advance(slots, [.. slots.Select(slot => 3 + (step + slot) % 400)], (_, _) => { });
            seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var read = Ceilings.Read();
        var numberBytes = shape.IsShort ? 2 : 4;
        var tokenBytes = (double)DecoderCosts.CacheNumbers(shape.Config) * numberBytes * sequences;
        // The middle of 32 steps that end at a length: neighbours on the machine take some of them.
        double At(int length) => seconds[(length - 32)..length].Order().ElementAt(16);
        var allowed = At(256) + 1.25 * (Longest - 256) * tokenBytes / (read * 1e9);
        return new JsonObject
        {
            ["shape"] = name,
            ["sequences"] = sequences,
            ["read_gigabytes_per_second"] = Math.Round(read, 1),
            ["milliseconds"] = new JsonObject(Lengths.Select(length =>
                KeyValuePair.Create<string, JsonNode?>($"{length}", Math.Round(1e3 * At(length), 2)))),
            ["allowed_at_4096"] = Math.Round(1e3 * allowed, 2),
            ["share_of_allowed"] = Math.Round(At(Longest) / allowed, 3),
        };
    }
}
