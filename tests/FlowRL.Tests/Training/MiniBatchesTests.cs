using CsCheck;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class MiniBatchesTests
{
    private static readonly Gen<long[]> Groups = Gen.Long[0, 9].Array[1, 60];

    [Fact]
    public void Every_response_is_in_one_mini_batch() =>
        Gen.Select(Groups, Gen.Int[1, 20], Gen.ULong).Sample((groups, size, seed) =>
        {
            var every = Enumerable.Range(0, groups.Length);
            Assert.Equal(every, MiniBatches.Split(groups.Length, size, seed).SelectMany(batch => batch).Order());
            Assert.Equal(every, MiniBatches.SplitGroups(groups, size, seed).SelectMany(batch => batch).Order());
        });

    [Fact]
    public void No_group_is_cut_and_no_mini_batch_is_too_large_unless_it_is_one_group() =>
        Gen.Select(Groups, Gen.Int[1, 20], Gen.ULong).Sample((groups, size, seed) =>
        {
            long[][] batches = [.. MiniBatches.SplitGroups(groups, size, seed).Select(batch => batch.Select(index => groups[index]).ToArray())];
            Assert.Equal(batches.Sum(batch => batch.Distinct().Count()), groups.Distinct().Count());
            Assert.All(batches, batch => Assert.True(batch.Length <= size || batch.Distinct().Count() == 1));
        });

    [Fact]
    public void No_group_is_cut_between_micro_batches_and_the_budget_holds_unless_one_group_exceeds_it() =>
        Gen.Select(Gen.Select(Gen.Int[1, 50], Gen.Long[0, 6]).Array[1, 40], Gen.Int[1, 300]).Sample((sequences, budget) =>
        {
            int[] lengths = [.. sequences.Select(sequence => sequence.Item1)];
            long[] groups = [.. sequences.Select(sequence => sequence.Item2)];
            var batches = MicroBatches.Split(lengths, groups, budget);
            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
            Assert.Equal(groups.Distinct().Count(), batches.Sum(batch => batch.Select(index => groups[index]).Distinct().Count()));
            Assert.All(batches, batch => Assert.True(batch.Sum(index => lengths[index]) <= budget || batch.Select(index => groups[index]).Distinct().Count() == 1));
        });
}
