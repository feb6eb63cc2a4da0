using CsCheck;
using FlowRL.Models.Attention;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Tests.Training;

public sealed class MicroBatchesTests
{
    private static readonly Gen<TokenSequence> AnySequence = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 30], (prompt, length) =>
        new TokenSequence([.. Enumerable.Repeat(prompt, 1 + prompt * 5)], new int[length]));

    [Fact]
    public void Every_sequence_is_in_one_batch_and_no_pack_exceeds_the_budget_unless_it_holds_one() =>
        Gen.Select(AnySequence.List[0, 40], Gen.Int[1, 120]).Sample((sequences, budget) =>
        {
            var batches = MicroBatches.Split(sequences, budget);
            Assert.Equal(Enumerable.Range(0, sequences.Count), batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch =>
            {
                using var pack = new PackedSequences([.. batch.Select(index => (sequences[index].Prompt, sequences[index].Continuation))], CPU);
                Assert.True(batch.Length == 1 || pack.Ids.shape[0] <= budget);
            });
        });

    [Fact]
    public void Sequences_with_the_same_prompt_stand_together()
    {
        var sequences = new[] { "ab", "cd", "ab", "ef", "cd", "ab" }.Select(prompt => new TokenSequence([.. prompt.Select(c => (int)c)], [1, 2, 3])).ToList();
        Assert.Equal([[0, 2, 5, 1, 4, 3]], MicroBatches.Split(sequences, 1000));
    }
}
