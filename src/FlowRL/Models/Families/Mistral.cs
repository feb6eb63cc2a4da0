namespace FlowRL.Models.Families;

/// <summary>Mistral 7B and Nemo: the plain decoder, in version 0.1 with a window on every layer.</summary>
internal sealed class Mistral : ModelFamily
{
    // What transformers takes where a file leaves the field out.
    private const int DefaultWindow = 4096;
    private static readonly PlainFields.Defaults Defaults = new(Context: 131072) { KeyValueHeads = 8, EndOfSequenceIds = [2], BeginOfSequenceId = 1 };

    public override string Name => "mistral";

    public override string Architecture => "MistralForCausalLM";

    public override DecoderConfig Read(IModelFields fields)
    {
        var plain = PlainFields.Read(Name, fields, Defaults);
        return plain with { LayerShapes = LayerFields.OneWindow(fields, plain.Layers, plain.ContextLength, DefaultWindow) };
    }

    public override IReadOnlyDictionary<string, object?> Write(DecoderConfig config)
    {
        var fields = PlainFields.Write(config);
        fields["sliding_window"] = config.LayerShapes.Count == 0 ? null : LayerFields.WrittenWindow(config);
        return fields;
    }
}
