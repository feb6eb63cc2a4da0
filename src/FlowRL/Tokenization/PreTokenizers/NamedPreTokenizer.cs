using System.Text.Json.Nodes;
using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>What the tokenizer.json of a family of models does before merging, known by the name that GGUF files give it.</summary>
/// <param name="Expressions">Each makes its matches pieces, one after the other.</param>
internal sealed record NamedPreTokenizer(params IReadOnlyList<string> Expressions)
{
    private static readonly NamedPreTokenizer Gpt2 = new() { UsesGpt2Expression = true };
    private static readonly NamedPreTokenizer Digits = new() { SplitsDigits = true, UsesGpt2Expression = true };
    private static readonly NamedPreTokenizer Llama3 = new(NamedExpressions.Llama3) { IgnoresMerges = true };
    private static readonly NamedPreTokenizer Gpt4o = new(NamedExpressions.Gpt4o) { IgnoresMerges = true };

    private static readonly Dictionary<string, NamedPreTokenizer> ByName = new()
    {
        ["gpt-2"] = Gpt2,
        ["phi-2"] = Gpt2,
        ["olmo"] = Gpt2,
        ["mpt"] = Gpt2,
        ["jais"] = Gpt2,
        ["trillion"] = Gpt2,
        ["granite-docling"] = Gpt2,
        ["exaone4"] = Gpt2,
        ["smollm"] = Digits,
        ["starcoder"] = Digits,
        ["refact"] = Digits,
        ["command-r"] = Digits,
        ["codeshell"] = Digits,
        ["exaone"] = Digits,
        ["minerva-7b"] = Digits,
        ["llama-bpe"] = Llama3,
        ["llama3"] = Llama3,
        ["llama-v3"] = Llama3,
        ["lfm2"] = Llama3,
        ["falcon3"] = Llama3,
        ["falcon-h1"] = Llama3,
        ["pixtral"] = Llama3,
        ["dbrx"] = Llama3 with { IgnoresMerges = false },
        ["smaug-bpe"] = Llama3 with { IgnoresMerges = false },
        ["qwen2"] = new(NamedExpressions.Qwen2) { Composes = true },
        ["deepseek-r1-qwen"] = new(NamedExpressions.Qwen2),
        ["qwen35"] = new(NamedExpressions.Qwen35) { Composes = true },
        ["gpt-4o"] = Gpt4o,
        ["llama4"] = Gpt4o,
        ["tekken"] = new(NamedExpressions.Tekken) { IgnoresMerges = true },
        ["deepseek-v3"] = new(NamedExpressions.DeepSeek3),
        ["default"] = new(NamedExpressions.LlamaCppDefault),
    };

    /// <summary>Whether each digit is a piece before anything else.</summary>
    public bool SplitsDigits { get; init; }

    /// <summary>Whether GPT-2's expression cuts what is left.</summary>
    public bool UsesGpt2Expression { get; init; }

    /// <summary>Whether texts are put into Unicode's form C first.</summary>
    public bool Composes { get; init; }

    /// <summary>Whether a piece that is a token is that token, whatever merges would make of it.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>All that are known, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>As steps of a tokenizer.json.</summary>
    public IEnumerable<JsonObject> Steps =>
        (SplitsDigits ? [TokenizerJson.Digits()] : Array.Empty<JsonObject>()).Concat(Expressions.Select(TokenizerJson.Split));

    /// <summary>
    /// The first name of what cuts texts in the same way, and treats pieces that are tokens in the same way where there is a choice; null where there
    /// is none. Whether characters are composed first is not told apart.
    /// </summary>
    public static string? NameOf(NamedPreTokenizer described) => ByName
        .Where(known => known.Value.Spelled.SequenceEqual(described.Spelled))
        .OrderByDescending(known => known.Value.IgnoresMerges == described.IgnoresMerges)
        .Select(known => known.Key).FirstOrDefault();

    /// <summary>Every expression in order, characters as they are.</summary>
    private IEnumerable<string> Spelled =>
    [
        .. SplitsDigits ? [@"\p{N}"] : Array.Empty<string>(), .. Expressions.Select(NamedExpressions.Spelled),
        .. UsesGpt2Expression ? [NamedExpressions.Gpt2] : Array.Empty<string>(),
    ];

    /// <summary>Null where the name is not known.</summary>
    public static NamedPreTokenizer? Find(string name) => ByName.GetValueOrDefault(name);
}
