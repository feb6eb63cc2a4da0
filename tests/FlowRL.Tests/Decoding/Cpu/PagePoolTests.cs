using CsCheck;
using FlowRL.Decoding.Cpu;

namespace FlowRL.Tests.Decoding.Cpu;

public sealed unsafe class PagePoolTests
{
    private static readonly CacheShape Shape = new(Layers: 2, Heads: 2, HeadBytes: 128);

    [Fact]
    public void Sequences_of_very_different_length_hold_little_more_than_they_use()
    {
        using var pool = new PagePool(Shape, longest: 4096, sequences: 64);
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 64).Select(_ => random.Next(16, 4097)).ToList();
        var sequences = lengths.Select(_ => new SequenceCache(null, pool.PageTokens, 100)).ToList();
        for (var step = 0; step < 4096; step++)
        {
            for (var i = 0; i < sequences.Count; i++) if (step < lengths[i]) sequences[i].Append(pool.Take);
        }
        Assert.InRange(pool.Bytes, lengths.Sum(Shape.Size), 1.15 * lengths.Sum(Shape.Size));
        Assert.InRange(PagePool.Size(Shape, 4096, 64), 64 * Shape.Size(4096), 1.01 * 64 * Shape.Size(4096));
    }

    [Fact]
    public void What_sequences_give_back_serves_the_next()
    {
        using var pool = new PagePool(Shape, longest: 300, sequences: 8);
        for (var round = 0; round < 20; round++)
        {
            var sequences = Enumerable.Range(0, 8).Select(_ => new SequenceCache(null, pool.PageTokens, 100)).ToList();
            foreach (var sequence in sequences) for (var t = 0; t < 300; t++) sequence.Append(pool.Take);
            foreach (var sequence in sequences) pool.Return(sequence.Own);
        }
        Assert.Equal(PagePool.Size(Shape, 300, 8), pool.Bytes);
    }

    [Fact]
    public void Tokens_lie_in_their_segments_one_after_the_other() =>
        Gen.Select(Gen.Int[0, 90], Gen.Int[1, 300], Gen.Int[1, 70]).Sample((prompt, own, page) =>
        {
            using var pages = new PagePool(Shape, page, sequences: 400);
            var first = prompt == 0 ? null : new SequenceCache(null, prompt, 100);
            if (first is not null) for (var t = 0; t < prompt; t++) first.Append(() => new CacheSegment(Shape, prompt, null));
            var sequence = new SequenceCache(first, pages.PageTokens, 100);
            for (var t = 0; t < own; t++)
            {
                sequence.Append(pages.Take);
                var (length, next) = (sequence.Length, 0);
                for (var index = 0; index < sequence.SegmentsOf(length); index++)
                {
                    var count = Math.Min(sequence.Start(index + 1), length) - sequence.Start(index);
                    Assert.Equal(next, sequence.Start(index));
                    Assert.InRange(count, 1, sequence.Segment(index).Tokens);
                    next += count;
                }
                Assert.Equal(length, next);
                var seen = 1 + t / 2;
                Assert.InRange(prompt + seen, sequence.Start(sequence.SegmentsOf(prompt + seen) - 1) + 1, sequence.Start(sequence.SegmentsOf(prompt + seen)));
                Assert.Equal(t % pages.PageTokens, sequence[length - 1].Index);
            }
        }, iter: 30);
}
