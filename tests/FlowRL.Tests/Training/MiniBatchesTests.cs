using CsCheck;
using FlowRL.Models.Attention;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Training;

public sealed class MiniBatchesTests
{
    private static readonly Gen<GroupId[]> Groups = Gen.Int[0, 9].Select(n => new GroupId(n % 3, n / 3)).Array[1, 60];

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
            GroupId[][] batches = [.. MiniBatches.SplitGroups(groups, size, seed).Select(batch => batch.Select(index => groups[index]).ToArray())];
            Assert.Equal(batches.Sum(batch => batch.Distinct().Count()), groups.Distinct().Count());
            Assert.All(batches, batch => Assert.True(batch.Length <= size || batch.Distinct().Count() == 1));
        });

    [Fact]
    public void No_group_is_cut_between_micro_batches_and_the_budget_holds_unless_one_group_exceeds_it() =>
        Gen.Select(Gen.Select(Gen.Int[1, 50], Gen.Int[0, 6]).Array[1, 40], Gen.Int[1, 300]).Sample((members, budget) =>
        {
            TokenSequence[] sequences = [.. members.Select(member => new TokenSequence([member.Item2, 1, 2], new int[member.Item1]))];
            GroupId[] groups = [.. members.Select(member => new GroupId(member.Item2 % 3, member.Item2 / 3))];
            var batches = MicroBatches.Split(sequences, groups, budget);
            Assert.Equal(Enumerable.Range(0, sequences.Length), batches.SelectMany(batch => batch).Order());
            Assert.Equal(groups.Distinct().Count(), batches.Sum(batch => batch.Select(index => groups[index]).Distinct().Count()));
            Assert.All(batches, batch =>
            {
                using var pack = new PackedSequences([.. batch.Select(index => (sequences[index].Prompt, sequences[index].Continuation))], CPU);
                Assert.True(pack.Ids.shape[0] <= budget || batch.Select(index => groups[index]).Distinct().Count() == 1);
            });
        });
}
