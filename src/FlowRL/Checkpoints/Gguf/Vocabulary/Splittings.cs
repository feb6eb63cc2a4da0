namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>
/// A way of cutting text before merging that llama.cpp knows by name: expressions, each of which cuts what the one before left. They are written as
/// tokenizer.json has them.
/// </summary>
/// <param name="Names">What llama.cpp calls it; the first is what is written.</param>
/// <param name="Expressions">In order.</param>
internal sealed record Splitting(string[] Names, params string[] Expressions)
{
    /// <summary>Whether a piece that is a token as a whole is not merged.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Whether the beginning-of-sequence token is put before a text where a file does not say.</summary>
    public bool AddsBegin { get; init; }

    /// <summary>Whether the tokenizers that are cut so compose characters first (NFC).</summary>
    public bool Composes { get; init; }
}

/// <summary>Those that are known here.</summary>
internal static class Splittings
{
    /// <summary>A digit by itself.</summary>
    public const string Digit = @"\p{N}";

    /// <summary>GPT-2's own, which tokenizer.json calls ByteLevel.</summary>
    public const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Words = @"|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Rest = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Cased = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+";
    private const string Capitals = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*";
    private const string CasedRest = @"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Han = "[一-龥\u3040-ゟ゠-ヿ]+";

    private static readonly Splitting[] Known =
    [
        new(["gpt-2", "phi-2", "olmo", "mpt", "jais", "trillion", "granite-docling", "exaone4", "roberta-bpe", "jina-es", "jina-de", "jina-v2-code"], Gpt2),
        new(["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"], Digit, Gpt2),
        new(["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2"], Contractions + Words + @"\p{N}{1,3}" + Rest)
            { IgnoresMerges = true, AddsBegin = true },
        new(["smaug-bpe", "dbrx", "chatglm-bpe", "glm4"], Contractions + Words + @"\p{N}{1,3}" + Rest),
        new(["qwen2", "deepseek-r1-qwen", "hunyuan", "megrez", "kormo"], Contractions + Words + @"\p{N}" + Rest) { Composes = true },
        new(["stablelm2"], Contractions + Words + @"\p{N}" + Rest),
        new(["qwen35"], Contractions + @"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+") { Composes = true },
        new(["tekken"], $@"{Cased}|{Capitals}|\p{{N}}{CasedRest}") { IgnoresMerges = true, AddsBegin = true },
        new(["gpt-4o", "llama4"], $@"{Cased}{Contractions}?|{Capitals}{Contractions}?|\p{{N}}{{1,3}}{CasedRest}"),
        new(["deepseek-v3", "hunyuan-dense", "joyai-llm"], @"\p{N}{1,3}", Han,
            @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        new(["default"], @"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"),
    ];

    /// <summary>Null where no such name is known.</summary>
    public static Splitting? Find(string name) => Array.Find(Known, splitting => splitting.Names.Contains(name));

    /// <summary>The one with these expressions; of several, the one that treats whole pieces the same. Null where llama.cpp knows none.</summary>
    public static Splitting? Find(IReadOnlyList<string> expressions, bool ignoresMerges, bool composes) => Known
        .Where(splitting => splitting.Expressions.SequenceEqual(expressions))
        .OrderByDescending(splitting => splitting.IgnoresMerges == ignoresMerges).ThenByDescending(splitting => splitting.Composes == composes)
        .FirstOrDefault();

    /// <summary>Every name, as a sentence has them.</summary>
    public static string Names { get; } = string.Join(", ", Known.SelectMany(splitting => splitting.Names));
}
