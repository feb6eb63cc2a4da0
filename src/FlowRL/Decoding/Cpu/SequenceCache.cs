namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Keys and values of a sequence: those of a prompt, one segment that many may share, and then segments of its own, which come as it grows. Whoever gives
/// them owns them.
/// </summary>
internal sealed class SequenceCache
{
    private readonly List<CacheSegment> _segments = [];
    private readonly int _promptTokens, _promptSegments, _pageTokens;

    /// <param name="prompt">What it begins with, a sequence of one segment; null for nothing.</param>
    /// <param name="pageTokens">Tokens of each of its own segments.</param>
    /// <param name="reach">See <see cref="Reach"/>.</param>
    public SequenceCache(SequenceCache? prompt, int pageTokens, int reach)
    {
        (Prompt, _pageTokens, Reach) = (prompt, pageTokens, reach);
        if (prompt is null) return;
        _segments.Add(prompt._segments.Single());
        (Length, _promptTokens, _promptSegments) = (prompt.Length, prompt.Length, 1);
    }

    /// <summary>One whose own tokens are known already: they fill one segment.</summary>
    public static SequenceCache Of(SequenceCache? prompt, CacheSegment segment, int reach)
    {
        var cache = new SequenceCache(prompt, segment.Tokens, reach);
        cache._segments.Add(segment);
        cache.Length += segment.Tokens;
        return cache;
    }

    /// <summary>What it begins with.</summary>
    public SequenceCache? Prompt { get; }

    /// <summary>Tokens that it may have in the end, which decides how its heads turn.</summary>
    public int Reach { get; }

    /// <summary>All of its tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Sequences that begin with this one.</summary>
    public int Users { get; set; }

    /// <summary>The segments of its own.</summary>
    public IEnumerable<CacheSegment> Own => _segments.Skip(_promptSegments);

    /// <summary>Makes room for one more token, which is then its last.</summary>
    /// <param name="page">Gives a segment.</param>
    public void Append(Func<CacheSegment> page)
    {
        if (Length == Start(_segments.Count)) _segments.Add(page());
        Length++;
    }

    /// <summary>Where a token lies.</summary>
    public (CacheSegment Segment, int Index) this[int position]
    {
        get
        {
            var (page, index) = Math.DivRem(position - _promptTokens, _pageTokens);
            return position < _promptTokens ? (_segments[0], position) : (_segments[_promptSegments + page], index);
        }
    }

    /// <summary>The segment of a number.</summary>
    public CacheSegment Segment(int index) => _segments[index];

    /// <summary>Tokens before the segment of a number.</summary>
    public int Start(int index) => index < _promptSegments ? 0 : _promptTokens + (index - _promptSegments) * _pageTokens;

    /// <summary>Segments that hold the first <paramref name="length"/> tokens, at least one.</summary>
    public int SegmentsOf(int length)
    {
        // Most look at all that there is.
        if (length > Start(_segments.Count - 1)) return _segments.Count;
        return length <= _promptTokens ? _promptSegments : _promptSegments + (length - _promptTokens + _pageTokens - 1) / _pageTokens;
    }
}

/// <summary>One token to compute: which, where it stands, and who reads the logits after it.</summary>
/// <param name="Token">Its id.</param>
/// <param name="Cache">Where its key and value go, and those that it sees: all up to its own.</param>
/// <param name="Position">Tokens before it.</param>
/// <param name="FirstReader">Index of the first sequence that reads the logits.</param>
/// <param name="Readers">How many do: 0 inside a prompt.</param>
internal readonly record struct TokenPlace(int Token, SequenceCache Cache, int Position, int FirstReader, int Readers);
