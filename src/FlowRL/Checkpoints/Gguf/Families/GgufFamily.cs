namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>
/// How llama.cpp says what a family of models is: its architecture's name, the keys that stand for the fields of a <c>config.json</c>, and what it
/// calls the weights. A family of known rules is one such description, in <see cref="GgufFamilies"/>.
/// </summary>
/// <param name="Architecture">What <c>general.architecture</c> calls it; keys begin with it.</param>
/// <param name="ModelType">What <c>model_type</c> calls it.</param>
internal sealed record GgufFamily(string Architecture, string ModelType)
{
    /// <summary>Keys and fields, in the order in which they are written.</summary>
    public IReadOnlyList<GgufRule> Rules { get; init; } = PlainRules.All;

    /// <summary>
    /// A layer's weights, as Hugging Face's modules (<c>*</c> for an expert's number): how llama.cpp keeps them. Biases go with their matrices.
    /// </summary>
    public IReadOnlyDictionary<string, GgufForm> LayerNames { get; init; } = PlainRules.LayerNames;

    /// <summary>What it calls the norm after the last layer.</summary>
    public string FinalNorm { get; init; } = PlainRules.FinalNorm;

    /// <summary>Of several families with one architecture, what tells that a file is of this one; null for one that any file may be of.</summary>
    public Func<GgufMetadata, bool>? IsOf { get; init; }
}
