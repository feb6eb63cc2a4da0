using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Rollouts;

namespace FlowRL.Benchmarks;

/// <summary>What drawing a token takes by how the distribution is cut, on one thread, with a vocabulary of Qwen2.5's size.</summary>
internal static class DrawRates
{
    private const int Vocabulary = 151_936, Rows = 16, Repetitions = 9;

    private static readonly (string Name, SamplingOptions Options)[] Cuts =
    [
        ("whole", new()), ("top_k_20", new() { TopK = 20 }), ("top_k_1000", new() { TopK = 1000 }), ("top_p_0.8", new() { TopP = 0.8 }),
        ("top_p_0.95", new() { TopP = 0.95 }), ("min_p_0.05", new() { MinP = 0.05 }),
        ("top_k_20_top_p_0.8_min_p_0.05", new() { TopK = 20, TopP = 0.8, MinP = 0.05 }),
    ];

    /// <summary>
    /// Milliseconds a row, the median of nine passes over sixteen rows, for logits as a model's, whose probabilities fall as a power of the rank, and for
    /// flat ones.
    /// </summary>
    public static JsonObject Measure() => new() { ["vocabulary"] = Vocabulary, ["power_law"] = Of(PowerLaw), ["flat"] = Of(Flat) };

    private static JsonObject Of(Func<ulong, int, float> logit)
    {
        float[][] rows = [.. Enumerable.Range(0, Rows).Select(r => Enumerable.Range(0, Vocabulary).Select(i => logit((ulong)r, i)).ToArray())];
        var milliseconds = Cuts.ToDictionary(cut => cut.Name, _ => new List<double>());
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            foreach (var (name, options) in Cuts)
            {
                var clock = Stopwatch.StartNew();
                foreach (var (r, row) in rows.Index()) TokenSampler.Draw(row, options, Seeds.Uniform((ulong)r, repetition));
                milliseconds[name].Add(clock.Elapsed.TotalMilliseconds / Rows);
            }
        }
        return new JsonObject(milliseconds.Select(pair =>
            KeyValuePair.Create<string, JsonNode?>(pair.Key, Math.Round(pair.Value.Order().ElementAt(Repetitions / 2), 3))));
    }

    // p ∝ rank^−1.5, in any order of ids.
    private static float PowerLaw(ulong row, int id) => (float)(-1.5 * Math.Log(1 + Seeds.Uniform(row + 100, id) * Vocabulary));

    private static float Flat(ulong row, int id) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - Seeds.Uniform(row + 300, id))) * Math.Cos(2 * Math.PI * Seeds.Uniform(row + 400, id)));
}
