using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Tests.Runs;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Training;

[Collection(nameof(MemoryTests))]
public sealed class DropoutTests
{
    // One prompt, one update, and a budget that each response fills alone: without dropout all have the same log Z.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0)]
    public void Each_micro_batch_of_a_group_draws_its_own_masks(double dropout)
    {
        var recipe = TinyRuns.Recipe();
        var seen = new List<float>();
        using var session = new TinyRuns.Session(recipe with
        {
            Objective = new Watched(new FlowRLOptions { Partition = new FlowRLPartitionOptions { Dropout = dropout } }, seen),
            Rollout = recipe.Rollout with { Problems = 1, GroupSize = 8 },
            Training = recipe.Training with { MiniBatch = 8, Passes = 1, TokenBudget = 16 },
        });
        session.Trainer.Step(0, CancellationToken.None);
        Assert.Equal(8, seen.Count);
        Assert.Equal(dropout > 0 ? 8 : 1, seen.Select(logZ => MathF.Round(logZ, 5)).Distinct().Count());
    }

    /// <summary>Notes the log Z of each response that it is given.</summary>
    private sealed record Watched(ObjectiveOptions Inner, List<float> Seen) : ObjectiveOptions
    {
        public override IObjective Create() => new Watch(Inner.Create(), Seen);
    }

    private sealed class Watch(IObjective inner, List<float> seen) : IObjective
    {
        public string Name => inner.Name;

        public ObjectiveNeeds Needs => inner.Needs;

        public FlowRL.Models.PartitionOptions Partition => inner.Partition;

        public int MinimumGroupSize => inner.MinimumGroupSize;

        public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses) => inner.AssignCredit(responses);

        public ObjectiveResult Evaluate(ObjectiveInputs inputs)
        {
            using var values = inputs.LogPartition.detach().cpu();
            seen.AddRange(values.data<float>());
            return inner.Evaluate(inputs);
        }
    }
}
