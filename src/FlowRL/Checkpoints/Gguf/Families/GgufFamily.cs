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

    /// <summary>A layer's matrices and norms, as Hugging Face's modules: what llama.cpp calls them. Biases go with their matrices.</summary>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = PlainRules.LayerNames;

    /// <summary>
    /// Whether rows of queries and keys stand so that the two of a rotated pair are neighbours; Hugging Face has the first of all pairs before
    /// the second of all. Only the oldest architecture does.
    /// </summary>
    public bool NeighbouringPairs { get; init; }
}
