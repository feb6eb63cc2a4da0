using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Tokenization;
using Microsoft.ML.Tokenizers;

namespace FlowRL.Benchmarks;

/// <summary>
/// How fast a text is written in tokens, in processor time, beside Microsoft.ML.Tokenizers with the same vocabulary and expression.
/// </summary>
internal static class TokenizerRates
{
    private const int Repeats = 5;

    /// <param name="folder">A folder with tokenizer.json (byte-level, one expression) or tokenizer.model.</param>
    /// <param name="file">Texts, one a line.</param>
    public static JsonObject Measure(string folder, string file)
    {
        var texts = File.ReadAllLines(file);
        var (ours, theirs) = (TokenizerLoader.Load(folder), Other(folder));
        var megabytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)) / 1e6;
        var equal = texts.Take(2000).Count(text => ours.Encode(text).SequenceEqual(Ids(theirs, text)));
        return new JsonObject
        {
            ["tokenizer"] = folder,
            ["megabytes"] = Math.Round(megabytes, 2),
            ["tokens"] = texts.Sum(text => (long)ours.Encode(text).Length),
            ["ours_megabytes_per_second"] = Rate(megabytes, texts, text => ours.Encode(text)),
            ["microsoft_megabytes_per_second"] = Rate(megabytes, texts, text => Ids(theirs, text)),
            ["same_ids_of_2000_texts"] = equal,
        };
    }

    private static IReadOnlyList<int> Ids(Tokenizer tokenizer, string text) => tokenizer.EncodeToIds(text);

    private static Tokenizer Other(string folder)
    {
        var model = Path.Combine(folder, "tokenizer.model");
        if (!File.Exists(model)) return ByteLevel(Path.Combine(folder, "tokenizer.json"));
        using var stream = File.OpenRead(model);
        return SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
    }

    private static BpeTokenizer ByteLevel(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var bpe = json.RootElement.GetProperty("model");
        string Merge(JsonElement merge) => merge.ValueKind == JsonValueKind.String ? merge.GetString()!
            : string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()));
        var vocabulary = bpe.GetProperty("vocab").EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetInt32()));
        return BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            ByteLevel = true,
            Merges = bpe.GetProperty("merges").EnumerateArray().Select(Merge).ToList(),
            PreTokenizer = new RegexPreTokenizer(new Regex(Expression(json.RootElement.GetProperty("pre_tokenizer")), RegexOptions.Compiled), null),
        });
    }

    private static string Expression(JsonElement preTokenizer) =>
        preTokenizer.TryGetProperty("pretokenizers", out var steps) && steps[0].TryGetProperty("pattern", out var pattern)
            ? pattern.GetProperty("Regex").GetString()!
            : @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"; // ByteLevel's own

    private static double Rate(double megabytes, string[] texts, Action<string> encode)
    {
        var seconds = new List<double>();
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var text in texts) encode(text);
            if (repeat > 0) seconds.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds); // the first compiles
        }
        return Math.Round(megabytes / seconds.Order().ElementAt(Repeats / 2), 1);
    }
}
