namespace FlowRL.Models.Families;

/// <summary>
/// A family of models: how the fields of its configuration become a description, and a description its fields. A family of known parts is
/// one class that derives from this one and has a constructor without parameters; <see cref="ModelFamilies"/> finds it.
/// </summary>
public abstract class ModelFamily
{
    /// <summary>Layers of the largest model that is read: what a file says is bounded before lists of that length are made.</summary>
    internal const int MostLayers = 1_000;

    /// <summary>What <c>model_type</c> calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The class that transformers builds, such as <c>LlamaForCausalLM</c>.</summary>
    public abstract string Architecture { get; }

    /// <summary>The description; the fields collect what is wrong, and everything that cannot be described is refused by name.</summary>
    public abstract DecoderConfig Read(IModelFields fields);

    /// <summary>
    /// The fields from which <see cref="Read"/> gives <paramref name="config"/>, but for those that every file has (its family, class and
    /// number type): texts, numbers, truth values, lists, null, and dictionaries of these.
    /// </summary>
    public abstract IReadOnlyDictionary<string, object?> Write(DecoderConfig config);

    /// <summary>
    /// What this family has no fields for, each a clause. Whatever is forgotten here is found too: what is written must read back as the
    /// same description.
    /// </summary>
    public virtual IEnumerable<string> Unsayable(DecoderConfig config) => [];
}
