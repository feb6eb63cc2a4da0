using FlowRL.Tasks;
using FlowRL.Tasks.Code;
using FlowRL.Tasks.Synthesis;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Tasks.Synthesis;

[Collection(nameof(SandboxTests))]
public sealed class SynthesisTaskTests
{
    private static readonly SynthesisTask Task = new(new SynthesisOptions());

    [Fact]
    public void There_are_enough_problems()
    {
        var options = new SynthesisOptions();

        // Numbers that docs/code.md gives.
        Assert.Equal((1294 * options.TrainPrompts, 257, 812),
            (Task.Problems(Split.Train).Count, Task.Problems(Split.Validation).Count, Task.Problems(Split.Test).Count));
    }

    [Fact]
    public void No_problem_of_one_split_is_solved_by_a_demonstration_of_another()
    {
        var trained = Programs(Split.Train).ToHashSet();

        Assert.DoesNotContain(Programs(Split.Test).Concat(Programs(Split.Validation)), trained.Contains);
    }

    [Fact]
    public void Every_problem_has_several_right_programs()
    {
        foreach (var split in Enum.GetValues<Split>())
        {
            foreach (var problem in Task.Problems(split).Take(300))
                Assert.True(Enumerable.Range(0, 64).Select(seed => Task.Demonstrate(problem, (ulong)seed)).Distinct().Count() > 1, problem.Prompt.Text);
        }
    }

    /// <summary>The grammar knows what its expressions do; Python, in the sandbox, has the last word.</summary>
    [Fact]
    public async Task Demonstrations_are_right_in_python()
    {
        foreach (var problem in Task.Problems(Split.Test).Take(60))
        {
            var verdict = await Task.VerifyAsync(problem, Task.Demonstrate(problem, 3), TestContext.Current.CancellationToken);
            Assert.True(verdict.IsCorrect, problem.Prompt.Text + Task.Demonstrate(problem, 3));
        }
    }

    [Theory]
    [InlineData("sum(", 0, 0)]
    [InlineData("[][9]", 0, 0)]
    [InlineData("None", 0, 1)]
    [InlineData("__import__('os').system('ls /')", 0, 1)]
    public async Task Wrong_programs_earn_nothing(string response, double reward, double runs)
    {
        var verdict = await Task.VerifyAsync(Task.Problems(Split.Test)[0], response, TestContext.Current.CancellationToken);

        var score = Assert.IsType<Reward.Score>(verdict.Reward);
        Assert.Equal((reward, runs, false), (score.Value, score.Parts["runs"], verdict.IsCorrect));
    }

    [Fact]
    public async Task Correct_programs_are_told_apart_by_text_or_by_what_they_do_elsewhere()
    {
        using var behaviour = new SynthesisTask(new SynthesisOptions { Difference = ProgramDifference.Behaviour });
        var problem = Task.Problems(Split.Test).First(one => Task.Demonstrate(one, 0).StartsWith("max(x)", StringComparison.Ordinal));
        var first = Task.Demonstrate(problem, 0);
        string[] same = [first, $"{first} # the largest", first.Replace("max(x)", "max(i for i in x)", StringComparison.Ordinal), first.Replace("max(x)", "max(x+[-1])", StringComparison.Ordinal)];

        var texts = await Solutions(Task, problem, same);
        var behaviours = await Solutions(behaviour, problem, same);

        Assert.Equal(3, texts.Distinct().Count());
        Assert.Equal(2, behaviours.Distinct().Count()); // an empty list has no maximum, unless there is something beside it
    }

    [Fact]
    public async Task Part_of_the_tests_earns_a_share_where_the_recipe_says_so()
    {
        using var shared = new SynthesisTask(new SynthesisOptions { Score = CodeScore.Share });
        var problem = Task.Problems(Split.Test)[0];
        var values = problem.Reference.Split('\n').Select(line => line.Split(' ')[1]).ToList();

        var verdict = await shared.VerifyAsync(problem, values[0], TestContext.Current.CancellationToken);

        Assert.Equal(values.Count(value => value == values[0]) / (double)values.Count, Assert.IsType<Reward.Score>(verdict.Reward).Value, 1e-12);
    }

    private static IEnumerable<string> Programs(Split split) =>
        Task.Problems(split).SelectMany(problem => Enumerable.Range(0, 6).Select(seed => Task.Demonstrate(problem, (ulong)seed)));

    private static async Task<List<string?>> Solutions(SynthesisTask task, Problem problem, IEnumerable<string> responses)
    {
        var solutions = new List<string?>();
        foreach (var response in responses) solutions.Add((await task.VerifyAsync(problem, response, TestContext.Current.CancellationToken)).Solution);
        return solutions;
    }
}
