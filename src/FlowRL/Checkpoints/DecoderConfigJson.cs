using FlowRL.Files;
using FlowRL.Models;
using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>
/// A decoder's <c>config.json</c> as Hugging Face's transformers reads and writes it, for the families <c>llama</c>, <c>qwen2</c> and
/// <c>qwen3</c>. What a file leaves out has the family's default in transformers; features that the decoder lacks are refused by name.
/// </summary>
public static class DecoderConfigJson
{
    /// <summary>The name of the file inside a model folder.</summary>
    public const string FileName = "config.json";

    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="BadInputException">The file is missing or wrong; the message lists every error.</exception>
    public static DecoderConfig Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return InputFile.ReadJson(file, "a model's configuration", root =>
        {
            var problems = new List<string>();
            var config = DecoderConfigReader.Read(new DecoderConfigFields(root, "", problems));
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
    /// <exception cref="ArgumentException">The family's <c>config.json</c> has no way to say this shape.</exception>
    public static void Write(string path, DecoderConfig config, ScalarType dtype = ScalarType.Float32) =>
        AtomicFile.Write(path, DecoderConfigText.Of(config, dtype), Disk.Real);
}
