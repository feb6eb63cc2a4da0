using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>
/// Pages of a cache, segments of one size, lent to sequences as they grow and taken back when they end: a cache is as large as what was in use at once,
/// not as the longest response times the sequences. Owns the memory.
/// </summary>
internal sealed unsafe class PagePool : IDisposable
{
    private const int LongestPage = 96;
    private const long BlockBytes = 8 << 20; // at least: blocks lie on large pages then

    private readonly CacheShape _shape;
    private readonly int _pagesInBlock;
    private readonly List<NativeBlock> _blocks = [];
    private readonly Stack<CacheSegment> _free = [];

    /// <param name="shape">What is held of a token.</param>
    /// <param name="longest">Tokens of the longest sequence.</param>
    /// <param name="sequences">Sequences at once.</param>
    public PagePool(CacheShape shape, int longest, int sequences)
    {
        _shape = shape;
        PageTokens = PageOf(longest);
        _pagesInBlock = InBlock(shape, longest, sequences);
    }

    /// <summary>Tokens of a page.</summary>
    public int PageTokens { get; }

    /// <summary>Bytes taken from the system.</summary>
    public long Bytes => _blocks.Sum(block => block.Bytes);

    /// <summary>Bytes of the pages that so many sequences take when each is as long as the longest.</summary>
    public static long Size(CacheShape shape, int longest, int sequences)
    {
        var (blocks, together) = (0L, InBlock(shape, longest, sequences));
        if (together > 0) blocks = (Pages(longest, sequences) + together - 1) / together;
        return blocks * together * shape.Size(PageOf(longest));
    }

    public CacheSegment Take()
    {
        if (_free.Count == 0)
        {
            var page = _shape.Size(PageTokens);
            var block = new NativeBlock(page * _pagesInBlock);
            _blocks.Add(block);
            for (var i = _pagesInBlock - 1; i >= 0; i--) _free.Push(new CacheSegment(_shape, PageTokens, block.Data + i * page));
        }
        return _free.Pop();
    }

    public void Return(IEnumerable<CacheSegment> pages)
    {
        foreach (var page in pages.Reverse()) _free.Push(page);
    }

    public void Dispose()
    {
        foreach (var block in _blocks) block.Dispose();
        _blocks.Clear();
        _free.Clear();
    }

    /// <summary>Pages divide the longest sequence evenly, so that it wastes none.</summary>
    private static int PageOf(int longest)
    {
        var pages = (Math.Max(longest, 1) + LongestPage - 1) / LongestPage;
        return (Math.Max(longest, 1) + pages - 1) / pages;
    }

    private static long Pages(int longest, int sequences) => sequences * ((longest + PageOf(longest) - 1L) / PageOf(longest));

    private static int InBlock(CacheShape shape, int longest, int sequences) =>
        (int)Math.Min(Pages(longest, sequences), (BlockBytes + shape.Size(PageOf(longest)) - 1) / shape.Size(PageOf(longest)));
}
