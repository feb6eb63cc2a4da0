using FlowRL.Tasks;
using FlowRL.Tasks.Planning;

namespace FlowRL.Tests.Tasks.Planning;

public sealed class PlanningTaskTests
{
    private static readonly PlanningTask Blocks = new(new PlanningOptions { Problems = 1000 });
    private static readonly PlanningTask Parcels = new(new PlanningOptions { Kind = PlanningKind.Logistics, MinObjects = 1, MaxObjects = 2, Problems = 400 });

    public static TheoryData<PlanningKind> Kinds => [PlanningKind.Blocksworld, PlanningKind.Logistics];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Demonstrations_reach_the_goal(PlanningKind kind)
    {
        var task = kind == PlanningKind.Blocksworld ? Blocks : Parcels;
        foreach (var problem in task.Problems(Split.Test).Take(100))
        {
            var plan = task.Demonstrate(problem, 5);
            var verdict = await task.VerifyAsync(problem, plan, TestContext.Current.CancellationToken);
            Assert.True(verdict.IsCorrect, $"{problem.Prompt.Text}{plan}");
            Assert.Equal(plan, verdict.Solution);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_problem_occurs_twice(PlanningKind kind)
    {
        var task = kind == PlanningKind.Blocksworld ? Blocks : Parcels;
        var prompts = Enum.GetValues<Split>().SelectMany(task.Problems).Select(problem => problem.Prompt.Text).ToList();

        Assert.Equal(prompts.Count, prompts.Distinct().Count());
        Assert.True(task.Problems(Split.Train).Count >= 100 && task.Problems(Split.Test).Count >= 30, $"{task.Problems(Split.Train).Count} {task.Problems(Split.Test).Count}");
    }

    [Fact]
    public async Task A_plan_is_broken_by_any_step_left_out()
    {
        foreach (var problem in Blocks.Problems(Split.Test).Take(50))
        {
            var steps = Blocks.Demonstrate(problem, 1).Split(')', StringSplitOptions.RemoveEmptyEntries).Select(step => step + ")").ToList();
            for (var left = 0; left < steps.Count; left++)
            {
                var verdict = await Blocks.VerifyAsync(problem, string.Concat(steps.Where((_, index) => index != left)), TestContext.Current.CancellationToken);
                Assert.False(verdict.IsCorrect); // demonstrations are shortest plans
            }
        }
    }

    [Theory]
    [InlineData("", 0.0, 1)]
    [InlineData("(fly a b)", 0.0, 0)]
    [InlineData("(((((", 0.0, 1)]
    [InlineData("(pick a b)", 0.0, 0)]
    [InlineData("(pick zzz)", 0.0, 0)]
    public async Task Wrong_plans_earn_nothing(string response, double reward, double executable)
    {
        var verdict = await Blocks.VerifyAsync(Blocks.Problems(Split.Test)[0], response, TestContext.Current.CancellationToken);

        var score = Assert.IsType<Reward.Score>(verdict.Reward);
        Assert.Equal((reward, executable, false), (score.Value, score.Parts["executable"], verdict.IsCorrect));
    }

    [Fact]
    public async Task Thinking_and_words_around_a_plan_do_not_matter()
    {
        var problem = Blocks.Problems(Split.Test)[0];
        var plan = Blocks.Demonstrate(problem, 2);

        var verdict = await Blocks.VerifyAsync(problem, $"(pick x)</think>First: {plan.Replace(")(", ")\n 2. (", StringComparison.Ordinal).ToUpperInvariant()} done.", TestContext.Current.CancellationToken);

        Assert.Equal(plan, verdict.Solution);
    }
}
