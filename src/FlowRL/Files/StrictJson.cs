using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FlowRL.Files;

/// <summary>
/// JSON from a stranger, read so that what is wrong with it shows here and not where it is used: a name that occurs twice in an object is damage, at
/// every depth; half a surrogate pair, which other languages write, becomes U+FFFD.
/// </summary>
internal static partial class StrictJson
{
    private const string Replacement = @"\ufffd";
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> text) => text.IndexOf(@"\ud"u8) < 0 && text.IndexOf(@"\uD"u8) < 0
        ? JsonNode.Parse(text, documentOptions: Options) : Parse(Encoding.UTF8.GetString(text));

    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(WithoutHalves(text), documentOptions: Options);

    /// <summary>False where it is not JSON.</summary>
    public static bool TryParse(string text, out JsonNode? node)
    {
        try
        {
            node = Parse(text);
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    private static string WithoutHalves(string text) => text.Contains(@"\ud", StringComparison.OrdinalIgnoreCase)
        ? Escape().Replace(text, escape => escape.Length == Replacement.Length ? Replacement : escape.Value) : text;

    /// <summary>Whether it would be JSON but for a name that occurs twice in an object.</summary>
    public static bool HasNameTwice(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Options.MaxDepth });
        }
        catch (JsonException)
        {
            return false;
        }
        try
        {
            _ = Parse(text.Span);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    // A whole pair, a half, or any other escape, so that an escaped backslash is never taken for the beginning of one.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();
}
