using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Recipes;
using FlowRL.Tokenization;

namespace FlowRL.Training;

/// <summary>Models with random weights and the small vocabulary of the embedded tasks.</summary>
public static class NewModel
{
    public static LanguageModel Create(NewModelOptions shape, ModelOptions options, ulong seed)
    {
        if (shape.Width % shape.Heads != 0 || shape.Width / shape.Heads % 2 != 0 || shape.Heads % shape.KeyValueHeads != 0)
        {
            throw new BadInputException($"create: width {shape.Width} must be an even multiple of heads {shape.Heads}, and heads a multiple " +
                $"of key_value_heads {shape.KeyValueHeads}.");
        }
        var tokenizer = ArithmeticVocabulary.Create();
        var config = new DecoderConfig
        {
            ModelType = "llama",
            VocabularySize = tokenizer.VocabularySize,
            Width = shape.Width,
            FeedForwardWidth = shape.FeedForwardWidth,
            Layers = shape.Layers,
            Heads = shape.Heads,
            KeyValueHeads = shape.KeyValueHeads,
            HeadWidth = shape.Width / shape.Heads,
            ContextLength = shape.ContextLength,
            TiedEmbeddings = true,
            EndOfSequenceIds = tokenizer.EndOfSequenceIds,
            BeginOfSequenceId = tokenizer.BeginOfSequenceId,
        };
        var decoder = new Decoder(config, Devices.Resolve(options.Device), Devices.Resolve(options.Weights));
        decoder.Initialize(Seeds.Derive(seed, "initial weights"));
        return new LanguageModel(decoder, tokenizer);
    }
}
