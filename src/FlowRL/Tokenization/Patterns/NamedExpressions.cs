using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowRL.Tokenization.Patterns;

/// <summary>The expressions by which families of models cut texts, in Ruby's syntax, as their tokenizer.json files have them.</summary>
internal static partial class NamedExpressions
{
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public const string Llama3 = Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*" + Space;

    public const string Qwen2 = Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*" + Space;

    public const string Qwen35 = Contraction + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + Space;

    public const string Gpt4o = SmallWord + Contraction + "?|" + LargeWord + Contraction + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Space;

    public const string Tekken = SmallWord + "|" + LargeWord + @"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + Space;

    /// <summary>One after the other.</summary>
    public static readonly IReadOnlyList<string> DeepSeek3 =
    [
        @"\p{N}{1,3}",
        @"[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
        """[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*""" + Space,
    ];

    /// <summary>One after the other: what llama.cpp does where a file names no way of cutting.</summary>
    public static readonly IReadOnlyList<string> LlamaCppDefault = [@"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"];

    private const string Contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string SmallWord = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    private const string LargeWord = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";
    private const string Space = @"|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The same expression in one spelling: characters where it has their numbers, but line breaks by their names.</summary>
    public static string Spelled(string expression) => Numbered()
        .Replace(expression.Replace("\r", @"\r", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal),
            match => ((char)int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Numbered();
}
