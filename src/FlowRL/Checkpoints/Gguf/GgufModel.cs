using FlowRL.Checkpoints.Gguf.Vocabulary;
using FlowRL.Models;
using FlowRL.Models.Families;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints.Gguf;

/// <summary>A whole model in one GGUF file.</summary>
internal static class GgufModel
{
    /// <param name="path">The file.</param>
    /// <param name="families">Those that can be read.</param>
    /// <returns>The weights own the open file; the tokenizer is made when it is asked for.</returns>
    /// <exception cref="BadInputException">It is damaged, or of a kind that cannot be read; the message names the place.</exception>
    public static (DecoderConfig Config, IWeightSource Weights, Lazy<ITokenizer> Tokenizer) Open(string path, ModelFamilies families)
    {
        var file = GgufFile.Open(path);
        try
        {
            var family = GgufConfig.Family(file.Metadata);
            var vocabulary = GgufVocabulary.Read(file.Metadata);
            var config = GgufConfig.Read(file, family, vocabulary, families);
            return (config, GgufWeights.Open(file, family, config), new Lazy<ITokenizer>(() => vocabulary.ToTokenizer(path)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The description alone; null for a file that holds no whole model, such as adapters.</summary>
    /// <exception cref="BadInputException">As for <see cref="Open"/>.</exception>
    public static DecoderConfig? Config(GgufFile file) => file.Metadata.Text(GgufConfig.TypeKey) is not (null or "model") ? null
        : GgufConfig.Read(file, GgufConfig.Family(file.Metadata), GgufVocabulary.Read(file.Metadata), ModelFamilies.BuiltIn);

    /// <summary>The tokenizer alone.</summary>
    /// <exception cref="BadInputException">As for <see cref="Open"/>.</exception>
    public static ITokenizer OpenTokenizer(string path)
    {
        using var file = GgufFile.Open(path);
        return GgufVocabulary.Read(file.Metadata).ToTokenizer(path);
    }
}
