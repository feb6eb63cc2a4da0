using System.Text.Json;
using FlowRL.Checkpoints.Gguf.Families;
using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models;
using FlowRL.Models.Families;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>
/// A model's description out of a GGUF file's metadata. The metadata become the fields of a <c>config.json</c>, which the family reads as it reads that
/// file; everything that is wrong is reported at once, in the words of the metadata.
/// </summary>
internal static class GgufConfig
{
    public const string ArchitectureKey = "general.architecture";
    public const string TypeKey = "general.type";

    /// <exception cref="BadInputException">The file is no whole model of a family that can be read.</exception>
    public static GgufFamily Family(GgufMetadata metadata)
    {
        var architecture = metadata.Text(ArchitectureKey) ?? throw new BadInputException(
            $"{metadata.Path}: '{ArchitectureKey}' is missing, so nothing says what model it is. Copy or download the file again.");
        if (metadata.Text(TypeKey) is { } type and not "model") throw new BadInputException(
            $"{metadata.Path} holds no model: '{TypeKey}' is '{type}'. " +
            $"Give the model's own file{(type == "adapter" ? ", the one that the adapter is for" : "")}.");
        if (metadata.Whole("split.count") is > 1 and var parts) throw new BadInputException(
            $"{metadata.Path} is one of {parts} parts of a model. Join them with 'llama-gguf-split --merge' of llama.cpp, and give the result.");
        return GgufFamilies.Of(architecture, metadata) ?? throw new BadInputException(
            $"{metadata.Path} is of the architecture '{architecture}', and those that can be read are {GgufFamilies.Names}. " +
            "Take the model's Hugging Face folder, or another model.");
    }

    public static DecoderConfig Read(GgufFile file, GgufFamily family, GgufVocabulary vocabulary, ModelFamilies families) =>
        Read(file.Metadata, family, vocabulary.Special, families, name => file.Find(name)?.Shape, name => Numbers(file, name));

    /// <param name="metadata">The file's, or one's that is going to be written.</param>
    /// <param name="family">Its architecture.</param>
    /// <param name="special">Its special tokens.</param>
    /// <param name="families">Those that can be read.</param>
    /// <param name="shape">A tensor's shape; null where there is none.</param>
    /// <param name="numbers">A table's numbers.</param>
    public static DecoderConfig Read(GgufMetadata metadata, GgufFamily family, GgufSpecialTokens special, ModelFamilies families,
        Func<string, long[]?> shape, Func<string, float[]> numbers)
    {
        var reading = new GgufReading(family.Architecture, metadata, shape, numbers) { Special = special };
        foreach (var rule in family.Rules) rule.Read(reading);
        reading.Problems.AddRange(reading.Unread());
        var known = families.Find(family.ModelType) ?? throw new InvalidOperationException($"The family '{family.ModelType}' is described for GGUF alone.");
        var config = reading.Problems.Count > 0 ? null
            : known.Read(new DecoderConfigFields(JsonSerializer.SerializeToElement(reading.Fields), "", reading.Problems));
        if (reading.Problems.Count == 0) reading.Problems.AddRange(DecoderConfigRules.Problems(config!));
        return reading.Problems.Count == 0 ? config! : throw new BadInputException($"{metadata.Path} cannot be used: " +
            $"{string.Join("; ", reading.Problems.Select(reading.Told).Distinct())}. Take another file of this model, or another model.");
    }

    private static float[] Numbers(GgufFile file, string name)
    {
        using var values = file.Read(name);
        return [.. values.data<float>()];
    }
}
