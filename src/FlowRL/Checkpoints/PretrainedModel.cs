using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>Models on disk: Hugging Face folders, llama2.c files, run folders, and the models embedded in the library.</summary>
public static class PretrainedModel
{
    /// <summary>Loads weights and tokenizer.</summary>
    /// <exception cref="BadInputException">Something is missing, damaged, or does not fit together.</exception>
    public static LanguageModel Load(ModelOptions options)
    {
        using var source = ModelSource.Open(options.Path);
        var tokenizer = source.Tokenizer;
        if (tokenizer.VocabularySize > source.Config.VocabularySize)
        {
            throw new BadInputException($"{options.Path}: the tokenizer has {tokenizer.VocabularySize} tokens, but the model's vocabulary is " +
                $"{source.Config.VocabularySize}; use the tokenizer that the model was trained with.");
        }
        var decoder = new Decoder(source.Config, Devices.Resolve(options.Device), Devices.Resolve(options.Weights));
        try
        {
            decoder.Load(source.Weights, options.Path);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
        return new LanguageModel(decoder, tokenizer.VocabularySize == source.Config.VocabularySize ? tokenizer
            : new PaddedVocabulary(tokenizer, source.Config.VocabularySize));
    }

    /// <summary>Writes config.json, model.safetensors and the tokenizer, as transformers, vLLM and llama.cpp load them.</summary>
    public static void Save(string folder, LanguageModel model)
    {
        Directory.CreateDirectory(folder);
        DecoderConfigJson.Write(Path.Combine(folder, "config.json"), model.Decoder.Config);
        WeightFolder.Write(folder, [.. model.Decoder.Weights.Select(pair => (pair.Key, pair.Value))]);
        model.Tokenizer.Save(folder);
    }
}
