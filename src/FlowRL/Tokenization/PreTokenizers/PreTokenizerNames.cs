namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>The name, known to llama.cpp, of the way in which a tokenizer.json cuts texts.</summary>
internal static class PreTokenizerNames
{
    /// <param name="root">The whole of a tokenizer.json.</param>
    /// <returns>Null where it has none.</returns>
    public static string? Of(JsonPlace root)
    {
        var described = new NamedPreTokenizer { IgnoresMerges = root["model"]["ignore_merges"].Flag() };
        return Add(described, root["pre_tokenizer"]) is { } whole ? NamedPreTokenizer.NameOf(whole) : null;
    }

    /// <summary>A description with one step more; null where the step does something else than cut by an expression and keep everything.</summary>
    private static NamedPreTokenizer? Add(NamedPreTokenizer described, JsonPlace step) => step.IsNull ? described : step["type"].Text switch
    {
        "Sequence" => step["pretokenizers"].Items().Aggregate((NamedPreTokenizer?)described, (before, next) => before is null ? null : Add(before, next)),
        "ByteLevel" when step["add_prefix_space"].Flag(true) => null,
        "ByteLevel" => step["use_regex"].Flag(true) ? described with { UsesGpt2Expression = true } : described,
        "Digits" when step["individual_digits"].Flag() && described.Expressions.Count == 0 => described with { SplitsDigits = true },
        "Split" when Expression(step) is { } expression => described with { Expressions = [.. described.Expressions, expression] },
        _ => null,
    };

    // What matches may be kept, or what does not match removed: the same for expressions that match everything, as the known ones together do.
    private static string? Expression(JsonPlace step) =>
        step["pattern"]["Regex"] is { IsNull: false } pattern && step["behavior"].Text is "Isolated" or "Removed"
        && (step["behavior"].Text == "Removed") == step["invert"].Flag() ? pattern.Text : null;
}
