using System.Text;
using FlowRL.Tokenization;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>The GGUF vocabulary of whatever tokenizer a model has.</summary>
internal static class TokenizerVocabulary
{
    /// <param name="tokenizer">The model's.</param>
    /// <param name="size">The model's vocabulary.</param>
    /// <param name="warn">Takes a sentence where other programs will cut texts otherwise.</param>
    /// <exception cref="BadInputException">The tokenizer is of a kind that GGUF has no words for.</exception>
    public static GgufVocabulary Of(ITokenizer tokenizer, int size, Action<string> warn) => tokenizer switch
    {
        PaddedVocabulary padded => Of(padded.Inner, size, warn),
        PretrainedTokenizer pretrained => HuggingFaceVocabulary.Of(pretrained, size, warn),
        Llama2cTokenizer pieces => Of(pieces, size),
        _ => throw new BadInputException("GGUF has no words for this tokenizer; give a model with a tokenizer.json or a vocabulary of llama2.c."),
    };

    private static GgufVocabulary Of(Llama2cTokenizer tokenizer, int size)
    {
        var tokens = new string[size];
        var types = new PieceKind[size];
        var scores = new float[size];
        for (var id = 0; id < size; id++)
        {
            var isKnown = id < tokenizer.VocabularySize;
            var value = tokenizer.ByteOf(id);
            (types[id], scores[id]) = (!isKnown ? PieceKind.Unused : id == 0 ? PieceKind.Unknown : tokenizer.IsSpecial(id) ? PieceKind.Control
                : value is not null ? PieceKind.Byte : PieceKind.Normal, isKnown ? tokenizer.Score(id) : 0);
            tokens[id] = !isKnown ? $"[PAD{id}]" : value is { } of ? $"<0x{of:X2}>"
                : Encoding.UTF8.GetString(tokenizer.Bytes(id)).Replace(" ", PieceScores.Space, StringComparison.Ordinal);
        }
        return new GgufVocabulary(GgufVocabulary.SentencePiece, tokens, types,
            new GgufSpecialTokens(tokenizer.BeginOfSequenceId, tokenizer.EndOfSequenceIds, null, Unknown: 0))
        { Scores = scores, AddsBegin = true };
    }
}
