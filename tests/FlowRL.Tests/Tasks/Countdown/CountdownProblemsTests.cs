using CsCheck;
using FlowRL.Tasks;
using FlowRL.Tasks.Countdown;

namespace FlowRL.Tests.Tasks.Countdown;

public sealed class CountdownProblemsTests
{
    private static readonly CountdownTask Game = new(new CountdownOptions());

    private static string NumbersOf(Problem problem) => problem.Reference.Split('|')[1];

    [Fact]
    public void No_numbers_are_in_two_splits_in_any_order_or_with_any_target()
    {
        var splits = Enum.GetValues<Split>().Select(split => Game.Problems(split).Select(SortedNumbersOfPrompt).ToHashSet()).ToArray();
        Assert.All(splits, numbers => Assert.NotEmpty(numbers));
        Assert.Empty(splits[0].Intersect(splits[1]).Concat(splits[0].Intersect(splits[2])).Concat(splits[1].Intersect(splits[2])));
    }

    [Fact]
    public void The_split_depends_on_the_numbers_alone() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 60], Gen.Double[0.1, 0.9]).Sample(
            (max, target, share) =>
            {
                var other = new CountdownTask(new CountdownOptions { MaxNumber = max, MaxTarget = target, FourNumberShare = share });
                foreach (var split in Enum.GetValues<Split>())
                {
                    foreach (var problem in other.Problems(split))
                        Assert.Equal(split, CountdownProblems.SplitOf(CountdownPuzzle.Of(problem).Numbers));
                }
            },
            iter: 5);

    [Fact]
    public void Problems_are_distinct_solvable_and_the_same_every_time()
    {
        foreach (var split in Enum.GetValues<Split>())
        {
            var problems = Game.Problems(split);
            Assert.Equal(problems.Count, problems.Select(problem => problem.Id).Distinct().Count());
            Assert.Equal(problems, new CountdownTask(new CountdownOptions()).Problems(split));
            Assert.All(problems.Take(200), problem => Assert.True(Game.CountSolutions(problem) >= 1));
        }
    }

    [Fact]
    public void The_first_problems_are_pinned() => Assert.Equal(
        PinnedTestProblems,
        Game.Problems(Split.Test).Take(5).Select(problem => $"{problem.Prompt} {problem.Reference} {problem.Id}"));

    [Fact]
    public void Sizes_and_shares_are_those_documented()
    {
        Assert.Equal([16868, 1960, 1994], Enum.GetValues<Split>().Select(split => Game.Problems(split).Count));
        var test = Game.Problems(Split.Test);
        Assert.Equal(222, test.Select(NumbersOf).Distinct().Count());
        var counts = test.Select(problem => Game.CountSolutions(problem)!.Value).ToList();
        Assert.Equal(0.513, counts.Average(count => count >= 4 ? 1.0 : 0), 0.0005);
        Assert.Equal(1022, counts.Count(count => count >= 4));
    }

    [Fact]
    public void Every_prefix_has_the_wanted_share_of_four_numbers()
    {
        var fours = 0;
        foreach (var (i, problem) in Game.Problems(Split.Validation).Index())
        {
            fours += NumbersOf(problem).Count(c => c == ',') == 3 ? 1 : 0;
            Assert.InRange((i + 1) * 0.9 - fours, -1e-6, 1);
        }
    }

    [Fact]
    public void A_minimum_of_solutions_filters_the_same_list()
    {
        var filtered = new CountdownTask(new CountdownOptions { MinSolutions = 4 });
        Assert.Equal(Game.Problems(Split.Test).Where(problem => Game.CountSolutions(problem) >= 4), filtered.Problems(Split.Test));
    }

    [Fact]
    public void The_number_of_train_problems_can_be_capped()
    {
        var capped = new CountdownTask(new CountdownOptions { MaxNumber = 8, TrainProblems = 50 });
        var all = new CountdownTask(new CountdownOptions { MaxNumber = 8 });
        Assert.Equal(all.Problems(Split.Train).Take(50), capped.Problems(Split.Train));
        Assert.Equal(all.Problems(Split.Test), capped.Problems(Split.Test));
    }

    [Fact]
    public void Empty_ranges_are_refused_all_at_once() => Assert.Equal(
        "task.max_number: 2 is below min_number (5); raise it." + Environment.NewLine +
        "task.max_target: 3 is below min_target (9); raise it.",
        Assert.Throws<BadInputException>(() =>
            new CountdownTask(new CountdownOptions { MinNumber = 5, MaxNumber = 2, MinTarget = 9, MaxTarget = 3 })).Message);

    private static string SortedNumbersOfPrompt(Problem problem) =>
        string.Join(',', problem.Prompt.Text.Split('=')[0].Split(',').Select(int.Parse).Order());

    // A change here changes every published number: results before and after it cannot be compared.
    private static readonly string[] PinnedTestProblems =
    [
        "2,2,6=2: 2|2,2,6 2,2,6=2",
        "4,5,10,5=10: 10|4,5,5,10 4,5,5,10=10",
        "7,8,11,13=2: 2|7,8,11,13 7,8,11,13=2",
        "11,6,11,7=6: 6|6,7,11,11 6,7,11,11=6",
        "3,10,10,6=5: 5|3,6,10,10 3,6,10,10=5",
    ];
}
