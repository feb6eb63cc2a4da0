using System.Text;
using System.Text.Json.Nodes;

namespace FlowRL.Tokenization;

/// <summary>
/// The small vocabulary of the embedded arithmetic tasks: padding, begin and end of sequence, digits, the numbers 10 to 99 as single
/// tokens, signs, a space, a line feed and the letters a to z. It is an ordinary tokenizer.json, so other engines load the same.
/// </summary>
/// <remarks>Digits pair from the left: 124 is "12", "4". Any other character is refused with <see cref="BadInputException"/>.</remarks>
public static class ArithmeticVocabulary
{
    public const int PaddingId = 0;
    public const int BeginOfSequenceId = 1;
    public const int EndOfSequenceId = 2;

    /// <summary>Every character that can be encoded.</summary>
    public const string Alphabet = "0123456789+-*/()=;,:| \nabcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Special = ["<pad>", "<bos>", "<eos>"];

    public static PretrainedTokenizer Create()
    {
        var contents = new Dictionary<string, byte[]>
        {
            [TokenizerFiles.Tokenizer] = Utf8(TokenizerJson()),
            [TokenizerFiles.Config] = Utf8(ConfigJson()),
        };
        return new PretrainedTokenizer(new TokenizerFiles(name => $"arithmetic/{name}", contents));
    }

    private static JsonObject TokenizerJson()
    {
        var pairs = Enumerable.Range(10, 90).Select(n => (Left: $"{n / 10}", Right: $"{n % 10}")).ToList();
        var characters = Alphabet.Select(c => ByteAlphabet.Character((byte)c).ToString()).ToList();
        // Digits, then the numbers, then the rest: ids 3 to 102 are in the numbers' own order.
        var tokens = Special.Concat(characters.Take(10)).Concat(pairs.Select(p => p.Left + p.Right)).Concat(characters.Skip(10));
        return new JsonObject
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
                        ["pattern"] = new JsonObject { ["Regex"] = "[0-9]{1,2}|[^0-9]" },
                        ["behavior"] = "Isolated",
                        ["invert"] = false,
                    },
                    ByteLevel()),
            },
            ["post_processor"] = BeginTemplate(),
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
                ["vocab"] = new JsonObject(tokens.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id))),
                ["merges"] = new JsonArray([.. pairs.Select(p => (JsonNode)$"{p.Left} {p.Right}")]),
            },
        };
    }

    private static JsonObject ConfigJson() => new()
    {
        ["tokenizer_class"] = "PreTrainedTokenizerFast",
        ["add_bos_token"] = true,
        ["bos_token"] = Special[BeginOfSequenceId],
        ["eos_token"] = Special[EndOfSequenceId],
        ["pad_token"] = Special[PaddingId],
        ["clean_up_tokenization_spaces"] = false,
    };

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
    private static JsonObject BeginTemplate()
    {
        var begin = Special[BeginOfSequenceId];
        JsonObject Token() => new() { ["SpecialToken"] = new JsonObject { ["id"] = begin, ["type_id"] = 0 } };
        JsonObject Sequence(string id) => new() { ["Sequence"] = new JsonObject { ["id"] = id, ["type_id"] = 0 } };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Token(), Sequence("A")),
            ["pair"] = new JsonArray(Token(), Sequence("A"), Sequence("B")),
            ["special_tokens"] = new JsonObject
            {
                [begin] = new JsonObject { ["id"] = begin, ["ids"] = new JsonArray(BeginOfSequenceId), ["tokens"] = new JsonArray(begin) },
            },
        };
    }

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true }) + "\n");
}
