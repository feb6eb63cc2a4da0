using System.Globalization;
using System.Text;
using FlowRL.Files;
using FlowRL.Models.Families;
using FlowRL.Tokenization;
using FlowRL.Tokenization.Templates;

namespace FlowRL.Checkpoints.Gguf.Ollama;

/// <summary>A folder from which <c>ollama create</c> makes a model: the weights as GGUF, adapters of their own, and a Modelfile.</summary>
internal static class OllamaExport
{
    public const string ModelfileName = "Modelfile";
    public const string ModelName = "model.gguf";
    public const string AdapterName = "adapter.gguf";

    /// <summary>Writes the folder whole or not at all.</summary>
    /// <param name="source">A model, or adapters and their base.</param>
    /// <param name="folder">Empty or not there yet.</param>
    /// <param name="type">That of the model's weights; adapters are F32.</param>
    /// <param name="temperature">At which Ollama samples.</param>
    /// <param name="families">Those that can be read.</param>
    /// <param name="progress">Bytes of each file.</param>
    public static OllamaExported Write(
        ModelSource source, string folder, string type, double temperature, ModelFamilies families, IProgress<(long, long)>? progress = null)
    {
        var warnings = new List<string>();
        NewFolder.Write(folder, place =>
        {
            var lines = new List<string>();
            // A base that is GGUF already is used where it lies.
            if (source.Adapter is not null && GgufFile.Is(source.Path)) lines.Add($"FROM {source.Path}");
            else
            {
                warnings.AddRange(GgufExport.Model(source, Path.Combine(place, ModelName), type, families, progress).Warnings);
                lines.Add($"FROM ./{ModelName}");
            }
            if (source.Adapter is not null)
            {
                warnings.AddRange(GgufExport.Adapter(source, Path.Combine(place, AdapterName), "f32", progress).Warnings);
                lines.Add($"ADAPTER ./{AdapterName}");
            }
            lines.AddRange(Template(source.Tokenizer, warnings));
            foreach (var end in source.Tokenizer.EndOfSequenceIds) lines.Add($"PARAMETER stop {Quoted(Encoding.UTF8.GetString(source.Tokenizer.Bytes(end)))}");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"PARAMETER temperature {temperature}"));
            File.WriteAllText(Path.Combine(place, ModelfileName), string.Join('\n', lines) + "\n");
        });
        return new OllamaExported(folder, Path.Combine(folder, ModelfileName), warnings);
    }

    private static IEnumerable<string> Template(ITokenizer tokenizer, List<string> warnings)
    {
        if (Renderer(tokenizer) is not { } render) yield break;
        if (OllamaTemplate.Find(render) is not var (template, system))
        {
            warnings.Add($"The model's chat template is none that is known in Ollama's words, so the {ModelfileName} has no TEMPLATE: Ollama takes the one " +
                "of its own that is most like the template in the GGUF file, or none. Write a TEMPLATE there if answers are not as they should be.");
            yield break;
        }
        yield return $"TEMPLATE {Long(template.Go)}";
        if (system is not null) yield return $"SYSTEM {Long(system)}";
    }

    /// <summary>Null where the model has no chat template, or one that cannot be run.</summary>
    private static Func<IReadOnlyList<ChatMessage>, string>? Renderer(ITokenizer tokenizer)
    {
        if (PaddedVocabulary.Pretrained(tokenizer) is not { } pretrained) return null;
        var begin = pretrained.BeginOfSequenceId is { } id ? Encoding.UTF8.GetString(pretrained.Bytes(id)) : "";
        try
        {
            var template = ChatTemplate.Of(pretrained);
            return messages =>
            {
                var text = template.Render(messages);
                return begin.Length > 0 && text.StartsWith(begin, StringComparison.Ordinal) ? text[begin.Length..] : text;
            };
        }
        catch (BadInputException)
        {
            return null;
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Long(string text) => $"\"\"\"{text}\"\"\"";
}

/// <summary>What was written.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Modelfile">What <c>ollama create NAME -f</c> reads.</param>
/// <param name="Warnings">What whoever uses it should know, each a sentence.</param>
internal sealed record OllamaExported(string Folder, string Modelfile, IReadOnlyList<string> Warnings);
