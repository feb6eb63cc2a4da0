using CsCheck;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class MicroBatchesTests
{
    [Fact]
    public void Every_sequence_is_in_one_batch_and_no_batch_exceeds_the_budget_unless_it_holds_one() =>
        Gen.Select(Gen.Int[1, 50].List[0, 40], Gen.Int[1, 120]).Sample((lengths, budget) =>
        {
            var batches = MicroBatches.Split(lengths, budget);
            Assert.Equal(Enumerable.Range(0, lengths.Count), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.True(batch.Length == 1 || batch.Sum(index => lengths[index]) <= budget));
        });
}
