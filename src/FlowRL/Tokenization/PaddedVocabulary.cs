namespace FlowRL.Tokenization;

/// <summary>
/// A tokenizer for a model whose vocabulary is larger, as where embeddings were padded to a round number. The ids that only the model
/// has are never drawn, and stand for no text.
/// </summary>
/// <param name="inner">The tokenizer; its ids are the first of the model's.</param>
/// <param name="size">The model's vocabulary.</param>
internal sealed class PaddedVocabulary(ITokenizer inner, int size) : ITokenizer
{
    /// <summary>The tokenizer itself.</summary>
    public ITokenizer Inner => inner;

    /// <summary>The tokenizer of a Hugging Face folder that this is, padded or not; null for others.</summary>
    public static PretrainedTokenizer? Pretrained(ITokenizer tokenizer) =>
        (tokenizer is PaddedVocabulary padded ? padded.Inner : tokenizer) as PretrainedTokenizer;

    public int VocabularySize => size;

    public int? UnknownId => inner.UnknownId;

    public int? BeginOfSequenceId => inner.BeginOfSequenceId;

    public IReadOnlyList<int> EndOfSequenceIds => inner.EndOfSequenceIds;

    public int[] Encode(string text, bool parseSpecial = false) => inner.Encode(text, parseSpecial);

    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = true) => inner.Decode([.. ids.Where(id => !IsPadding(id))], skipSpecial);

    public ReadOnlySpan<byte> Bytes(int id) => IsPadding(id) ? [] : inner.Bytes(id);

    public bool IsSpecial(int id) => !IsPadding(id) && inner.IsSpecial(id);

    public void Save(string folder) => inner.Save(folder);

    private bool IsPadding(int id) => id >= inner.VocabularySize && id < size;
}
