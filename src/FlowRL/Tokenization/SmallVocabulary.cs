using System.Text;
using System.Text.Json.Nodes;

namespace FlowRL.Tokenization;

/// <summary>
/// A vocabulary made in memory for a small task. It is an ordinary tokenizer.json, so that other engines load what is trained with it.
/// Characters outside of it are refused with <see cref="BadInputException"/>.
/// </summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Special">Special tokens; their ids come first.</param>
/// <param name="Tokens">The other tokens, in the order of their ids.</param>
/// <param name="Merges">Pairs of tokens that become one.</param>
/// <param name="Pattern">Regular expression of the pieces within which tokens merge.</param>
internal sealed record SmallVocabulary(
    string Name, IReadOnlyList<string> Special, IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges, string Pattern)
{
    /// <summary>The special token put before a text; null puts none.</summary>
    public string? Begin { get; init; }

    /// <summary>The special token that ends a response; null where only the length limit ends it.</summary>
    public string? End { get; init; }

    public string? Padding { get; init; }

    /// <summary>A character as byte-level vocabularies write it.</summary>
    public static string Token(char character) => ByteAlphabet.Character((byte)character).ToString();

    public PretrainedTokenizer Create() => new(new TokenizerFiles(name => $"{Name}/{name}", new Dictionary<string, byte[]>
    {
        [TokenizerFiles.Tokenizer] = Utf8(TokenizerJson()),
        [TokenizerFiles.Config] = Utf8(ConfigJson()),
    }));

    private JsonObject TokenizerJson() => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. Special.Select((token, id) => AddedToken(token, id))]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "Split",
                    ["pattern"] = new JsonObject { ["Regex"] = Pattern },
                    ["behavior"] = "Isolated",
                    ["invert"] = false,
                },
                ByteLevel()),
        },
        ["post_processor"] = Begin is null ? null : BeginTemplate(Begin),
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = false,
            ["vocab"] = new JsonObject(Special.Concat(Tokens).Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
            ["merges"] = new JsonArray([.. Merges.Select(merge => (JsonNode)$"{merge.Left} {merge.Right}")]),
        },
    };

    private JsonObject ConfigJson()
    {
        var config = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["add_bos_token"] = Begin is not null };
        if (Begin is not null) config["bos_token"] = Begin;
        if (End is not null) config["eos_token"] = End;
        if (Padding is not null) config["pad_token"] = Padding;
        config["clean_up_tokenization_spaces"] = false;
        return config;
    }

    private static JsonObject AddedToken(string token, int id) => new()
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject ByteLevel() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = false,
        ["use_regex"] = false,
    };

    /// <summary>Puts the begin of sequence before a text, as this library's callers do.</summary>
    private JsonObject BeginTemplate(string begin)
    {
        JsonObject Token() => new() { ["SpecialToken"] = new JsonObject { ["id"] = begin, ["type_id"] = 0 } };
        JsonObject Sequence(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Token(), Sequence("A")),
            ["pair"] = new JsonArray(Token(), Sequence("A"), Sequence("B")),
            ["special_tokens"] = new JsonObject
            {
                [begin] = new JsonObject { ["id"] = begin, ["ids"] = new JsonArray(Special.ToList().IndexOf(begin)), ["tokens"] = new JsonArray(begin) },
            },
        };
    }

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true }) + "\n");
}
