using System.Text.Json;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

/// <summary>What the reference implementation made of texts, a JSON object a line.</summary>
internal static class GoldenRows
{
    public static IReadOnlyList<JsonElement> Read(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];

    public static int[] Ids(this JsonElement row, string name = "ids") => [.. row.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    /// <summary>Texts to ids in all three ways, and back.</summary>
    /// <param name="tokenizer">What is tested.</param>
    /// <param name="rows">The reference's.</param>
    /// <param name="begin">What the reference puts before a text.</param>
    public static void Hold(PretrainedTokenizer tokenizer, IReadOnlyList<JsonElement> rows, int? begin)
    {
        foreach (var row in rows)
        {
            var text = row.Text("text");
            var bare = row.Ids("ids_without_special");
            Same(row, bare, tokenizer.Encode(text, parseSpecial: true));
            Same(row, row.Ids(), begin is { } first ? [first, .. bare] : bare);
            Same(row, row.TryGetProperty("ids_specials_as_text", out _) ? row.Ids("ids_specials_as_text") : bare, tokenizer.Encode(text));
            Same(row, row.Text("decoded"), tokenizer.Decode(row.Ids(), skipSpecial: false));
            Same(row, row.Text("decoded_skip_special"), tokenizer.Decode(row.Ids()));
            var tokens = row.GetProperty("tokens").EnumerateArray().Select(token => token.GetString()!);
            // Of a token that takes white space the reference shows what it took.
            Same(row, tokens.Zip(row.Ids(), (token, id) => IsAdded(tokenizer, id) ? token.Trim() : token),
                row.Ids().Select(id => IsAdded(tokenizer, id) ? tokenizer.Text(id)!.Trim() : tokenizer.Text(id)!));
        }
    }

    public static void Same<T>(JsonElement row, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var (right, made) = (string.Join(' ', expected), string.Join(' ', actual));
        Assert.True(right == made, $"{row.GetRawText()}\nexpected {right}\nmade     {made}");
    }

    private static bool IsAdded(PretrainedTokenizer tokenizer, int id) =>
        tokenizer.Text(id) is { } text && text.Length > 0 && tokenizer.Encode(text, parseSpecial: true) is [var only] && only == id;
}
