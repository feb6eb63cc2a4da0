using System.Text;
using System.Text.Json.Nodes;
using FlowRL.Tokenization.AddedTokens;

namespace FlowRL.Tokenization;

/// <summary>
/// Writes a byte-level vocabulary that was not read from a tokenizer.json as one, so that it is read back by the one way there is,
/// saved with the model, and loaded by other engines.
/// </summary>
internal sealed record TokenizerJson
{
    /// <summary>Tokens in the byte alphabet, with their ids.</summary>
    public required IEnumerable<KeyValuePair<string, int>> Vocabulary { get; init; }

    /// <summary>Pairs that become one, each written "a b"; the first comes first.</summary>
    public required IEnumerable<string> Merges { get; init; }

    public required IEnumerable<AddedToken> Added { get; init; }

    /// <summary>What cuts a text before it is put into bytes, one after the other.</summary>
    public required IEnumerable<JsonObject> Steps { get; init; }

    /// <summary>Whether GPT-2's expression cuts the pieces that the steps leave.</summary>
    public bool UsesGpt2Expression { get; init; }

    /// <summary>Whether texts are put into Unicode's form C.</summary>
    public bool Composes { get; init; }

    public bool IgnoresMerges { get; init; }

    /// <summary>The token put before a text, and its id.</summary>
    public (string Token, int Id)? Begin { get; init; }

    public byte[] ToBytes() => Utf8(new JsonObject
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. Added.Select(Token)]),
        ["normalizer"] = Composes ? new JsonObject { ["type"] = "NFC" } : null,
        ["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray([.. Steps, ByteLevel(UsesGpt2Expression)]),
        },
        ["post_processor"] = Begin is { } begin ? BeginTemplate(begin.Token, begin.Id) : null,
        ["decoder"] = ByteLevel(usesExpression: false),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = IgnoresMerges,
            ["vocab"] = new JsonObject(Vocabulary.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)merge)]),
        },
    });

    /// <summary>A step that makes each match of an expression a piece.</summary>
    public static JsonObject Split(string expression) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = expression },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };

    /// <summary>A step that makes each digit a piece.</summary>
    public static JsonObject Digits() => new() { ["type"] = "Digits", ["individual_digits"] = true };

    /// <summary>The tokenizer_config.json beside it.</summary>
    public static byte[] Config(string? begin, bool putsBegin, string? end, string? padding)
    {
        var config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["add_bos_token"] = putsBegin };
        if (begin is not null) config["bos_token"] = begin;
        if (end is not null) config["eos_token"] = end;
        if (padding is not null) config["pad_token"] = padding;
        config["clean_up_tokenization_spaces"] = false;
        return Utf8(config);
    }

    public static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true }) + "\n");

    private static JsonObject Token(AddedToken token) => new()
    {
        ["id"] = token.Id,
        ["content"] = token.Content,
        ["single_word"] = token.SingleWord,
        ["lstrip"] = token.StripsLeft,
        ["rstrip"] = token.StripsRight,
        ["normalized"] = token.Normalized,
        ["special"] = token.IsSpecial,
    };

    private static JsonObject ByteLevel(bool usesExpression) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = false,
        ["use_regex"] = usesExpression,
    };

    /// <summary>Puts the begin of sequence before a text, as this library's callers do.</summary>
    private static JsonObject BeginTemplate(string begin, int id)
    {
        JsonObject Token() => new() { ["SpecialToken"] = new JsonObject { ["id"] = begin, ["type_id"] = 0 } };
        JsonObject Sequence(string name) => new() { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Token(), Sequence("A")),
            ["pair"] = new JsonArray(Token(), Sequence("A"), Sequence("B")),
            ["special_tokens"] = new JsonObject
            {
                [begin] = new JsonObject { ["id"] = begin, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(begin) },
            },
        };
    }
}
