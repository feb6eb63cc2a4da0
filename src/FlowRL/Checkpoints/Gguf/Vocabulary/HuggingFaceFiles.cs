using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>The files of a Hugging Face tokenizer, made of a GGUF vocabulary: what is loaded, and what a saved checkpoint has beside its weights.</summary>
internal static class HuggingFaceFiles
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="vocabulary">A checked vocabulary.</param>
    /// <param name="path">The GGUF file, for messages.</param>
    /// <exception cref="BadInputException">Texts are cut in a way that is not known here, or a token stands there twice.</exception>
    public static TokenizerFiles Of(GgufVocabulary vocabulary, string path)
    {
        var splitting = vocabulary.Kind == GgufVocabulary.SentencePiece ? null : Splittings.Find(vocabulary.Splitting)
            ?? throw new BadInputException($"{path}: 'tokenizer.ggml.pre' is '{vocabulary.Splitting}', and how that cuts texts is not known here; known are " +
                $"{Splittings.Names}. Take the model's Hugging Face folder.");
        var ids = Ids(vocabulary, path);
        var contents = new Dictionary<string, byte[]>
        {
            [TokenizerFiles.Tokenizer] = Bytes(splitting is null ? Pieces(vocabulary, ids) : ByteLevel(vocabulary, splitting, ids)),
            [TokenizerFiles.Config] = Bytes(Config(vocabulary, splitting)),
            [TokenizerFiles.Generation] = Bytes(Generation(vocabulary.Special)),
        };
        if (vocabulary.ChatTemplate is { } template) contents.Add(TokenizerFiles.Template, Encoding.UTF8.GetBytes(template));
        return new TokenizerFiles(_ => path, contents);
    }

    /// <summary>Every token but what only fills the embedding up to a round number.</summary>
    private static OrderedDictionary<string, int> Ids(GgufVocabulary vocabulary, string path)
    {
        var ids = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            if (vocabulary.Types[id] == GgufTokenType.Unused || ids.TryAdd(vocabulary.Tokens[id], id)) continue;
            throw new BadInputException($"{path}: 'tokenizer.ggml.tokens' has '{vocabulary.Tokens[id]}' twice, at {ids[vocabulary.Tokens[id]]} and {id}. " +
                "Copy or download the file again, or take one from another source.");
        }
        return ids;
    }

    private static Dictionary<string, object?> ByteLevel(GgufVocabulary vocabulary, Splitting splitting, OrderedDictionary<string, int> ids) => Root(vocabulary,
        normalizer: splitting.Composes ? Step("NFC") : null,
        preTokenizer: PreTokenizer(splitting),
        decoder: ByteLevelStep(usesExpression: true),
        model: new Dictionary<string, object?>
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = splitting.IgnoresMerges,
            ["vocab"] = ids,
            ["merges"] = vocabulary.Merges,
        });

    /// <summary>The expressions as tokenizer.json's steps: a last one of GPT-2's is what ByteLevel does by itself.</summary>
    private static Dictionary<string, object?> PreTokenizer(Splitting splitting)
    {
        var last = splitting.Expressions[^1] == Splittings.Gpt2;
        var steps = splitting.Expressions.SkipLast(last ? 1 : 0).Select(SplitStep).Append(ByteLevelStep(usesExpression: last)).ToList();
        return steps.Count == 1 ? steps[0] : new Dictionary<string, object?> { ["type"] = "Sequence", ["pretokenizers"] = steps };
    }

    private static Dictionary<string, object?> SplitStep(string expression) => expression == Splittings.Digit
        ? new Dictionary<string, object?> { ["type"] = "Digits", ["individual_digits"] = true }
        : new Dictionary<string, object?>
        {
            ["type"] = "Split",
            ["pattern"] = new Dictionary<string, object?> { ["Regex"] = expression },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        };

    private static Dictionary<string, object?> ByteLevelStep(bool usesExpression) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = usesExpression,
    };

    private static Dictionary<string, object?> Pieces(GgufVocabulary vocabulary, OrderedDictionary<string, int> ids)
    {
        var space = new Dictionary<string, object?> { ["String"] = " " };
        var mark = new Dictionary<string, object?> { ["String"] = PieceMerges.Space };
        var replace = Step("Replace", ("pattern", space), ("content", PieceMerges.Space));
        var normalizers = vocabulary.AddsSpace ? new[] { Step("Prepend", ("prepend", PieceMerges.Space)), replace } : [replace];
        var decoders = new List<Dictionary<string, object?>> { Step("Replace", ("pattern", mark), ("content", " ")), Step("ByteFallback"), Step("Fuse") };
        if (vocabulary.AddsSpace) decoders.Add(Step("Strip", ("content", " "), ("start", 1), ("stop", 0)));
        return Root(vocabulary,
            normalizer: Step("Sequence", ("normalizers", normalizers)),
            preTokenizer: null,
            decoder: Step("Sequence", ("decoders", decoders)),
            model: new Dictionary<string, object?>
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = vocabulary.Special.Unknown is { } unknown ? vocabulary.Tokens[unknown] : null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["ignore_merges"] = false,
                ["vocab"] = ids,
                ["merges"] = PieceMerges.Of(vocabulary, ids),
            });
    }

    private static Dictionary<string, object?> Root(GgufVocabulary vocabulary, object? normalizer, object? preTokenizer, object decoder, object model) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = Added(vocabulary),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer,
        ["post_processor"] = null,
        ["decoder"] = decoder,
        ["model"] = model,
    };

    private static IEnumerable<Dictionary<string, object?>> Added(GgufVocabulary vocabulary) => Enumerable.Range(0, vocabulary.Tokens.Count)
        .Where(id => vocabulary.Types[id] is GgufTokenType.Control or GgufTokenType.UserDefined or GgufTokenType.Unknown)
        .Select(id => new Dictionary<string, object?>
        {
            ["id"] = id,
            ["content"] = vocabulary.Tokens[id],
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = vocabulary.Types[id] != GgufTokenType.UserDefined,
        });

    private static Dictionary<string, object?> Config(GgufVocabulary vocabulary, Splitting? splitting)
    {
        var special = vocabulary.Special;
        var addsBegin = vocabulary.AddsBegin ?? splitting?.AddsBegin ?? true;
        string? Token(int? id) => id is { } known ? vocabulary.Tokens[known] : null;
        return new Dictionary<string, object?>
        {
            ["add_bos_token"] = addsBegin && special.Begin is not null,
            ["bos_token"] = Token(special.Begin),
            ["clean_up_tokenization_spaces"] = false,
            ["eos_token"] = special.Ends is [var end, ..] ? Token(end) : null,
            ["pad_token"] = Token(special.Padding),
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["unk_token"] = Token(special.Unknown),
        };
    }

    private static Dictionary<string, object?> Generation(GgufSpecialTokens special)
    {
        var fields = new Dictionary<string, object?>();
        if (special.Begin is { } begin) fields["bos_token_id"] = begin;
        if (special.Ends.Count > 0) fields["eos_token_id"] = special.Ends.Count == 1 ? special.Ends[0] : special.Ends;
        if (special.Padding is { } padding) fields["pad_token_id"] = padding;
        return fields;
    }

    private static Dictionary<string, object?> Step(string type, params (string Key, object? Value)[] settings)
    {
        var step = new Dictionary<string, object?> { ["type"] = type };
        foreach (var (key, value) in settings) step[key] = value;
        return step;
    }

    private static byte[] Bytes(object content) => JsonSerializer.SerializeToUtf8Bytes(content, Json);
}
