using System.Text.Json;
using FlowRL.Files;
using FlowRL.Models;
using FlowRL.Models.Families;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// A decoder's <c>config.json</c> as Hugging Face's transformers reads and writes it. The family that the file names says what its fields
/// mean; here the file is opened, and everything that is wrong with it reported at once.
/// </summary>
public static class DecoderConfigJson
{
    /// <summary>The name of the file inside a model folder.</summary>
    public const string FileName = "config.json";

    private const string TextModel = "text_config";

    /// <param name="path">The file, or the folder that holds it.</param>
    /// <param name="families">Those that can be read; null for what is built in.</param>
    /// <exception cref="BadInputException">The file is missing or wrong; the message lists every error.</exception>
    public static DecoderConfig Read(string path, ModelFamilies? families = null)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return InputFile.ReadJson(file, "a model's configuration", root =>
        {
            var problems = new List<string>();
            var config = ReadFields(root, problems, families ?? ModelFamilies.BuiltIn);
            // Stand-ins of fields that could not be read would break rules of their own.
            if (problems.Count == 0 && config is not null) problems.AddRange(DecoderConfigRules.Problems(config));
            return problems.Count == 0 && config is not null ? config : throw new BadInputException(
                $"{file} cannot be used: {string.Join("; ", problems.Distinct())}. Correct the file or choose another model.");
        });
    }

    /// <summary>Writes a file from which <see cref="Read"/> gives the same config, and which transformers loads.</summary>
    /// <param name="path">The file to write, whole or not at all.</param>
    /// <param name="config">The shape.</param>
    /// <param name="dtype">The type in which the weights beside it are stored.</param>
    /// <param name="families">Those that can be written; null for what is built in.</param>
    /// <exception cref="ArgumentException">The family's <c>config.json</c> has no way to say this shape.</exception>
    public static void Write(string path, DecoderConfig config, ScalarType dtype = ScalarType.Float32, ModelFamilies? families = null) =>
        AtomicFile.Write(path, DecoderConfigText.Of(config, dtype, families ?? ModelFamilies.BuiltIn), Disk.Real);

    /// <summary>Null where the family is not known.</summary>
    private static DecoderConfig? ReadFields(JsonElement root, List<string> problems, ModelFamilies families)
    {
        var fields = new DecoderConfigFields(root, "", problems);
        // A vision model has a text model inside.
        if (root.TryGetProperty(TextModel, out var text) && text.ValueKind == JsonValueKind.Object)
        {
            ModelSwitches.Require(root, new HashSet<string>(), fields); // quantised as a whole, for example
            (root, fields) = (text, new DecoderConfigFields(text, $"{TextModel}.", problems) { Around = fields });
        }
        var name = fields.Text("model_type");
        if (name is not null && families.Find(name) is { } family)
        {
            var config = family.Read(fields);
            ModelSwitches.Require(root, fields.Asked, fields);
            return config;
        }
        fields.Refuse("model_type", name is null
            ? $"is missing; it must be {families.List("or")}"
            : $"is '{name}'; the families that can be loaded are {families.List("and")}");
        return null;
    }
}
