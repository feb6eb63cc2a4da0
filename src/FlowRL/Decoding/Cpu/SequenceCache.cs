namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Keys and values of a sequence: those of a prompt, which many may share, and then pages of its own, which come as it grows. Made from segments of one
/// size, whoever owns them.
/// </summary>
/// <param name="prompt">What it begins with; null for nothing.</param>
/// <param name="pageTokens">Tokens of each of its own segments.</param>
internal sealed class SequenceCache(SequenceCache? prompt, int pageTokens)
{
    private readonly List<CacheSegment> _pages = [];

    /// <summary>What it begins with.</summary>
    public SequenceCache? Prompt => prompt;

    /// <summary>Its own tokens.</summary>
    public int Own { get; private set; }

    /// <summary>All of its tokens.</summary>
    public int Length => PromptLength + Own;

    /// <summary>Sequences that begin with this one.</summary>
    public int Users { get; set; }

    public IReadOnlyList<CacheSegment> Pages => _pages;

    private int PromptLength => prompt?.Length ?? 0;

    private int PromptSegments => prompt is null ? 0 : prompt.SegmentsOf(prompt.Length);

    /// <summary>Makes room for one more token, which is then its last.</summary>
    /// <param name="page">Gives a segment.</param>
    public void Append(Func<CacheSegment> page)
    {
        if (Own == _pages.Count * pageTokens) _pages.Add(page());
        Own++;
    }

    /// <summary>Where the token at a position lies, one of its own.</summary>
    public (CacheSegment Segment, int Index) this[int position] =>
        (_pages[(position - PromptLength) / pageTokens], (position - PromptLength) % pageTokens);

    /// <summary>A segment, its first token's position, and how many tokens of the first <paramref name="length"/> lie in it.</summary>
    public (CacheSegment Segment, int First, int Count) Segment(int index, int length)
    {
        if (index < PromptSegments) return prompt!.Segment(index, Math.Min(length, PromptLength));
        var own = index - PromptSegments;
        var first = PromptLength + own * pageTokens;
        return (_pages[own], first, Math.Min(pageTokens, length - first));
    }

    /// <summary>Segments that the first <paramref name="length"/> tokens, more than the prompt's, lie in.</summary>
    public int SegmentsOf(int length) => PromptSegments + (length - PromptLength + pageTokens - 1) / pageTokens;
}

/// <summary>One token to compute: which, where it stands, and who reads the logits after it.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Cache">Where its key and value go, and those that it sees: all up to its own.</param>
/// <param name="Position">Tokens before it.</param>
/// <param name="FirstReader">Index of the first sequence that reads the logits.</param>
/// <param name="Readers">How many do: 0 inside a prompt.</param>
internal readonly record struct TokenPlace(int Token, SequenceCache Cache, int Position, int FirstReader, int Readers);
