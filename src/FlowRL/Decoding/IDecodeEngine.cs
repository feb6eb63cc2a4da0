namespace FlowRL.Decoding;

/// <summary>
/// Runs a decoder token by token over many sequences, each in a slot of its own. Between <see cref="Open"/> and <see cref="Close"/> the
/// model's weights must not change. Not thread-safe.
/// </summary>
public interface IDecodeEngine : IDisposable
{
    /// <summary>Takes the model's weights as they are now and makes room.</summary>
    /// <param name="slots">Sequences side by side.</param>
    /// <param name="longestPrompt">Tokens of the longest prompt.</param>
    /// <param name="longestResponse">Tokens that follow a prompt at most.</param>
    void Open(int slots, int longestPrompt, int longestResponse);

    /// <summary>Computes prompts, packed, and reads the logits after each for all of its slots, in the order given.</summary>
    void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read);

    /// <summary>Appends one token to each of the sequences and reads the logits that follow.</summary>
    void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read);

    /// <summary>Forgets a sequence; its slot is free.</summary>
    void End(int slot);

    /// <summary>Frees what <see cref="Open"/> took, so that training has the memory. Does nothing when closed.</summary>
    void Close();
}
