using FlowRL.Tokenization;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>The expressions of a tokenizer.json's <c>pre_tokenizer</c>, in order.</summary>
internal static class SplittingJson
{
    /// <summary>Null where a step is something else than cutting by an expression that keeps everything.</summary>
    public static IReadOnlyList<string>? Expressions(JsonPlace place)
    {
        if (place.IsNull) return [];
        return place["type"].Text switch
        {
            "Sequence" => All(place["pretokenizers"].Items().Select(Expressions).ToList()),
            "ByteLevel" => place["add_prefix_space"].Flag(true) ? null : place["use_regex"].Flag(true) ? [Splittings.Gpt2] : [],
            "Digits" => [place["individual_digits"].Flag() ? Splittings.Digit : Splittings.Digit + "+"],
            "Split" => Split(place),
            _ => null,
        };
    }

    private static string[]? All(List<IReadOnlyList<string>?> steps) => steps.Contains(null) ? null : [.. steps.SelectMany(step => step!)];

    // Keeping what matches and removing the rest is the same where the expression matches everything, as all of them here do.
    private static string[]? Split(JsonPlace place) =>
        !place["pattern"]["Regex"].IsNull && place["behavior"].Text is "Isolated" or "Removed" && (place["behavior"].Text == "Removed") == place["invert"].Flag()
        ? [place["pattern"]["Regex"].Text] : null;
}
