using FlowRL.Objectives;
using FlowRL.Rewards;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Training;

namespace FlowRL.Tests.Training;

public sealed class GroupRefillTests
{
    private static readonly Problem[] Problems = [.. Enumerable.Range(0, 40).Select(i => new Problem($"p{i}", $"{i}", ""))];
    private static readonly ProblemOrder Order = new(Problems, 4, seed: 1);

    private sealed record Filter(int RefillRounds) : IGroupFilter
    {
        public bool Wants(IReadOnlyList<double> rewards) => rewards.Distinct().Count() > 1;
    }

    [Fact]
    public void Wanted_groups_stay_in_the_order_of_their_requests()
    {
        ScoredGroup[] own = [Group("a", 1, 1), Group("b", 0, 1), Group("c", 0, 0), Group("d", 1, 0)];
        var asked = new List<int>();
        var (kept, sampled) = GroupRefill.Fill(new Filter(9), own, Order, 0, (problems, first) =>
        {
            asked.Add(problems.Count);
            Assert.Equal(asked.Count == 1 ? 4 : 6, first);
            return [.. problems.Select((_, i) => asked.Count == 1 && i == 0 ? Group("e", 1, 1) : Group($"f{asked.Count}", 0, 1))];
        });
        Assert.Equal([2, 1], asked);
        Assert.Equal(["b", "d", "f1", "f2"], kept.Select(group => group.Rollout.Problem.Id));
        Assert.Equal(7, sampled.Length);
    }

    [Fact]
    public void After_the_last_round_unwanted_groups_make_up_the_number()
    {
        ScoredGroup[] own = [Group("a", 1, 1), Group("b", 0, 1)];
        var (kept, sampled) = GroupRefill.Fill(new Filter(2), own, Order, 0, (problems, _) => [.. problems.Select(p => Group(p.Id, 0, 0))]);
        Assert.Equal(["b", "a"], kept.Select(group => group.Rollout.Problem.Id));
        Assert.Equal(4, sampled.Length);
        Assert.Equal(own, GroupRefill.Fill(new Filter(0), own, Order, 0, (_, _) => throw new InvalidOperationException()).Sampled);
    }

    [Fact]
    public void Failed_verifications_are_no_rewards()
    {
        var group = Group("a", 1, 1);
        ScoredGroup[] own = [group with { Verdicts = [.. group.Verdicts, new Verdict(new Reward.Error("x"), null, null)] }];
        var (_, sampled) = GroupRefill.Fill(new Filter(1), own, Order, 0, (problems, _) => [.. problems.Select(p => Group(p.Id, 0, 1))]);
        Assert.Equal(2, sampled.Length);
    }

    [Fact]
    public void Refilled_problems_are_new_ones_and_a_function_of_seed_step_and_round()
    {
        var taken = Problems.Take(30).Select(problem => problem.Id).ToHashSet();
        var refill = Order.Refill(3, 1, 8, taken);
        Assert.All(refill, problem => Assert.DoesNotContain(problem.Id, taken));
        Assert.Equal(refill, new ProblemOrder(Problems, 4, seed: 1).Refill(3, 1, 8, taken));
        Assert.NotEqual(refill, Order.Refill(3, 2, 8, taken));
        Assert.Equal(40, Order.Refill(3, 1, 40, taken).Distinct().Count());
    }

    // Weights 1 and 3 in equal numbers: the first drawn has weight 3 with probability 3/4. 2000 draws: three deviations are 0.029.
    [Fact]
    public void Problems_are_drawn_in_proportion_to_their_weight()
    {
        var heavy = Enumerable.Range(0, 2000).Count(step => Weight(Order.Draw(step, Weight)[0].Id) == 3);
        Assert.Equal(0.75, heavy / 2000.0, 0.029);
        Assert.All(Enumerable.Range(0, 50), step => Assert.Equal(4, Order.Draw(step, Weight).Distinct().Count()));
        Assert.Equal(5, new ProblemOrder(Problems[..2], 5, seed: 1).Draw(0, _ => 1).Count);
        static double Weight(string id) => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0 ? 3 : 1;
    }

    private static ScoredGroup Group(string id, params double[] rewards) => new(
        new RolloutGroup(new Problem(id, "", ""), [1], []), [.. rewards.Select(reward => new Verdict(new Reward.Score(reward), null, null))]);
}
