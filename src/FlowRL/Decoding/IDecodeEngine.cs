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

/// <summary>Receives one row of logits. Called from several threads at once, once for each index.</summary>
/// <param name="index">Which of the sequences that were asked for.</param>
/// <param name="logits">(V) fp32, valid during the call only.</param>
public delegate void LogitsReader(int index, ReadOnlySpan<float> logits);

/// <summary>A prompt to compute once, and the slots whose sequences start with it.</summary>
public sealed record PromptStart(int[] PromptIds, int[] Slots);

/// <summary>An engine that knows what it holds between <see cref="IDecodeEngine.Open"/> and <see cref="IDecodeEngine.Close"/>.</summary>
internal interface IMeasuredEngine
{
    /// <summary>Bytes of its own copy of the weights.</summary>
    long PackedBytes { get; }

    /// <summary>Bytes of keys and values, with those of the prompts in use.</summary>
    long CacheBytes { get; }
}

/// <summary>Computes log-probabilities of given responses, without gradient.</summary>
public interface IScoringEngine
{
    /// <summary>One array a response with the log-probability of each of its tokens.</summary>
    /// <param name="prompts">The prompt of each response; equal prompts that follow one another are computed once.</param>
    /// <param name="responses">At least one token each.</param>
    /// <param name="temperature">Divides the logits; above 0.</param>
    /// <param name="tokenBudget">Tokens whose keys and values are held at once.</param>
    /// <param name="cancellation">Checked between parts of the budget's size.</param>
    float[][] Score(
        IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, double temperature, int tokenBudget, CancellationToken cancellation);
}
