using System.Diagnostics;
using System.Text.Json.Nodes;
using FlowRL.Lab.Benchmarking;
using FlowRL.Models;
using FlowRL.Training;
using FlowRL.Training.Supervised;
using static TorchSharp.torch;

namespace FlowRL.Benchmarks;

/// <summary>
/// Tokens a second of supervised training, forward and backward, on examples as long as those of chats are: logarithms of lengths are normal, with a median
/// of 180 tokens. One example a pass, eight padded to the longest of them, as many as fit a budget, and packs.
/// </summary>
internal static class PackingRates
{
    private const int Examples = 96, Longest = 2048, Budget = 2048, Rows = 8, Rounds = 3;

    /// <param name="name">A shape of <c>flowrl bench</c>.</param>
    public static JsonObject Measure(string name)
    {
        var shape = BenchmarkShape.ByName(name);
        using var model = new Decoder(shape.Config with { ContextLength = Longest }, CPU);
        model.Initialize(1);
        TokenSequence[] examples = [.. Enumerable.Range(0, Examples).Select(i => Example(i, Length(i)))];
        var tokens = examples.Sum(example => (double)example.Length);
        var ways = new OrderedDictionary<string, IReadOnlyList<TokenSequence[]>>
        {
            ["alone"] = [.. examples.Select(example => new[] { example })],
            ["padded"] = [.. examples.Chunk(Rows).Select(rows => rows.Select(row => Padded(row, rows.Max(one => one.Length))).ToArray())],
            ["shared"] = MicroBatches.Of(examples, Budget),
            ["packed"] = [.. Packing.BestFit([.. examples.Select(example => example.Length)], Budget).Select(pack => pack.Select(i => examples[i]).ToArray())],
        };
        var best = ways.ToDictionary(way => way.Key, _ => double.MaxValue);
        for (var round = 0; round < Rounds; round++)
            foreach (var (way, passes) in ways) best[way] = Math.Min(best[way], Seconds(model, passes)); // in turn: neighbours take some of the machine
        return new JsonObject
        {
            ["shape"] = name,
            ["tokens"] = tokens,
            ["longest"] = examples.Max(example => example.Length),
            ["passes"] = new JsonObject(ways.Select(way => KeyValuePair.Create<string, JsonNode?>(way.Key, way.Value.Count))),
            ["padding_share"] = Math.Round(1 - tokens / ways["padded"].Sum(pass => pass.Sum(row => (double)row.Length)), 3),
            ["pack_fill"] = Math.Round(tokens / (Budget * (double)ways["packed"].Count), 3),
            ["tokens_per_second"] = new JsonObject(best.Select(way => KeyValuePair.Create<string, JsonNode?>(way.Key, Math.Round(tokens / way.Value)))),
        };
    }

    private static double Seconds(Decoder model, IReadOnlyList<TokenSequence[]> passes)
    {
        var clock = Stopwatch.StartNew();
        SupervisedLoss.Backward(model, passes, 0, CancellationToken.None);
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>By Box and Muller.</summary>
    private static int Length(int i)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - Seeds.Uniform(1, 2 * i))) * Math.Cos(2 * Math.PI * Seeds.Uniform(1, 2 * i + 1));
        return (int)Math.Clamp(180 * Math.Exp(0.9 * normal), 16, Longest);
    }

    /// <summary>Two fifths of it are taught.</summary>
    private static TokenSequence Example(int i, int length)
    {
        int[] ids = [.. Enumerable.Range(0, length).Select(t => 3 + Seeds.Below(Seeds.Derive(2, "tokens", i), t, 100))];
        return new TokenSequence(ids[..(length * 3 / 5)], ids[(length * 3 / 5)..]);
    }

    /// <summary>With tokens behind it of which nothing is taught, as padding is computed where rows are padded.</summary>
    private static TokenSequence Padded(TokenSequence row, int length)
    {
        var more = length - row.Length;
        return row with { Response = [.. row.Response, .. new int[more]], Taught = [.. Enumerable.Repeat(true, row.Response.Length), .. new bool[more]] };
    }
}
