using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Checkpoints;

/// <summary>Models with random weights and a small vocabulary.</summary>
internal static class NewModel
{
    /// <param name="shape">A validated shape.</param>
    /// <param name="options">Where the model runs and how its weights are held.</param>
    /// <param name="seed">The run's, from which the weights are drawn.</param>
    /// <param name="texts">What a learnt vocabulary is to encode well; of it, that of arithmetic must have every character.</param>
    /// <exception cref="BadInputException">The shape asks for the vocabulary of arithmetic, and the texts have other characters.</exception>
    public static LanguageModel Create(NewModelOptions shape, ModelOptions options, ulong seed, IEnumerable<string> texts)
    {
        ModelMemory.Require("model.create", LargestDescription(shape), options);
        var tokenizer = Vocabulary(shape, texts);
        var config = Description(shape, tokenizer.VocabularySize) with
        {
            EndOfSequenceIds = tokenizer.EndOfSequenceIds,
            BeginOfSequenceId = tokenizer.BeginOfSequenceId,
        };
        var decoder = new Decoder(config, Devices.Resolve(options.Device), Devices.Resolve(options.Weights));
        decoder.Initialize(Seeds.Derive(seed, "initial weights"));
        return new LanguageModel(decoder, tokenizer);
    }

    /// <summary>The description of a new model before its vocabulary is learnt, which may turn out smaller than asked for.</summary>
    internal static DecoderConfig LargestDescription(NewModelOptions shape) =>
        Description(shape, shape.Vocabulary > 0 ? shape.Vocabulary : Vocabulary(shape, []).VocabularySize);

    /// <summary>The description of a new model, which is a llama with a vocabulary of this many tokens.</summary>
    private static DecoderConfig Description(NewModelOptions shape, int vocabulary) => new()
    {
        ModelType = "llama",
        VocabularySize = vocabulary,
        Width = shape.Width,
        FeedForwardWidth = shape.FeedForwardWidth,
        Layers = shape.Layers,
        Heads = shape.Heads,
        KeyValueHeads = shape.KeyValueHeads,
        HeadWidth = shape.Width / shape.Heads,
        ContextLength = shape.ContextLength,
        InitializerRange = shape.InitializerRange,
        TiedEmbeddings = true,
    };

    private static PretrainedTokenizer Vocabulary(NewModelOptions shape, IEnumerable<string> texts) => shape switch
    {
        { Vocabulary: > 0 } => LearntVocabulary.Learn(texts, shape.Vocabulary, shape.Chat),
        { Letters: > 0 } => LetterVocabulary.Create(shape.Letters, shape.Ends),
        _ => Arithmetic(texts),
    };

    private static PretrainedTokenizer Arithmetic(IEnumerable<string> texts)
    {
        var stranger = texts.SelectMany(text => text).FirstOrDefault(character => !ArithmeticVocabulary.Alphabet.Contains(character, StringComparison.Ordinal));
        return stranger == default ? ArithmeticVocabulary.Create() : throw new BadInputException(
            $"model.create.vocabulary: the task's texts have the character '{stranger}', and a new model's own vocabulary is only that of arithmetic; " +
            "set model.create.vocabulary to learn one from the texts, for instance 384.");
    }
}
