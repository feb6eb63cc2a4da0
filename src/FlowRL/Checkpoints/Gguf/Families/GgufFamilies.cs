namespace FlowRL.Checkpoints.Gguf.Families;

/// <summary>The families that can be read from GGUF and written to it.</summary>
internal static class GgufFamilies
{
    /// <summary>Of several with one architecture, the first is what a file is read as.</summary>
    private static readonly GgufFamily[] All =
    [
        new("llama", "llama")
        {
            NeighbouringPairs = true,
            Rules =
            [
                .. PlainRules.All,
                new PresentRule("attention_bias", "blk.0.attn_output.bias"),
                new PresentRule("mlp_bias", "blk.0.ffn_down.bias"),
            ],
        },
        new("qwen2", "qwen2"),
        new("qwen3", "qwen3") { LayerNames = PlainRules.WithHeadNorms },
    ];

    /// <summary>Their architectures, as a sentence has them.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(family => family.Architecture).Distinct());

    /// <summary>What <c>model_type</c> calls them, as a sentence has them.</summary>
    public static string ModelTypes { get; } = string.Join(", ", All.Select(family => family.ModelType));

    public static GgufFamily? OfArchitecture(string architecture) => Array.Find(All, family => family.Architecture == architecture);

    public static GgufFamily? OfModelType(string modelType) => Array.Find(All, family => family.ModelType == modelType);
}
