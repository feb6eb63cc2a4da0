using CsCheck;
using FlowRL.Tasks;
using FlowRL.Tasks.Countdown;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Tasks.Countdown;

public sealed class CountdownTaskTests
{
    private static readonly CountdownTask Game = new(new CountdownOptions());
    private static readonly Problem Example = new("2,3,7,8=16", "8,3,2,7=16:", "16|2,3,7,8");

    private static async Task<Verdict> Verify(string response, Problem? problem = null) =>
        await Game.VerifyAsync(problem ?? Example, response, CancellationToken.None);

    private static double Part(Verdict verdict, string name) => Assert.IsType<Reward.Score>(verdict.Reward).Parts[name];

    [Fact]
    public async Task A_true_chain_with_its_expression_scores_one()
    {
        var verdict = await Verify("8/2=4;7-3=4;4*4=16;(7-3)*(8/2)");
        Assert.Equal(1, verdict.Reward.ValueOr(-1));
        Assert.True(verdict.IsCorrect);
        Assert.Equal("8*(7-3)/2", verdict.Solution);
        Assert.Equal("8*(7-3)/2", verdict.Answer);
    }

    [Theory]
    [InlineData("8/2=4;7-3=4;4*4=16;(7-3)*8/2", 1, 1, 1)] // another association of the same computation
    [InlineData("8/2=4;7-3=4;4*4=16;8+7+3-2", 0, 1, 1)] // right, but not what the steps compute
    [InlineData("8/2=4;7-3=4;4*4=16;8+7+3+2", 0, 1, 0)]
    [InlineData("8/2=4;7-3=4;4*4=16", 0, 2.0 / 3, 0)] // the last step is read as an expression and is none
    [InlineData("8/2=4;7-3=5;4*5=20;8/2*(7-3)", 0, 1.0 / 3, 1)]
    [InlineData("8/2=4;4-3=1;4*4=16;8/2*(7-3)", 0, 2.0 / 3, 1)] // 4 is used up
    [InlineData("8/2=4;8/2*(7-3)", 0, 1.0 / 3, 1)]
    [InlineData("8/2=4;7-3=4;4*4=16;16+0=16;8/2*(7-3)", 0, 1, 1)]
    [InlineData("8/2=4;7-3=4;4*4=16;;8/2*(7-3)", 0, 1, 1)]
    [InlineData("8/0=4;8/2*(7-3)", 0, 0, 1)]
    [InlineData("8/(2-2)", 0, 0, 0)]
    [InlineData("", 0, 0, 0)]
    public async Task Each_part_is_judged(string response, double correct, double steps, double expression)
    {
        var verdict = await Verify(response);
        Assert.Equal(correct, verdict.Reward.ValueOr(-1));
        Assert.Equal(correct, Part(verdict, "correct"));
        Assert.Equal(steps, Part(verdict, "steps"), 1e-12);
        Assert.Equal(expression, Part(verdict, "expression"));
        Assert.Equal(correct == 1, verdict.IsCorrect);
    }

    [Fact]
    public async Task Fractions_and_negative_values_have_one_notation()
    {
        var fraction = new Problem("f", "8,3,8,3=24:", "24|3,3,8,8");
        Assert.True((await Verify("8/3=(8/3);3-(8/3)=(1/3);8/(1/3)=24;8/(3-8/3)", fraction)).IsCorrect);
        Assert.False((await Verify("8/3=(16/6);3-(8/3)=(1/3);8/(1/3)=24;8/(3-8/3)", fraction)).IsCorrect);
        var negative = new Problem("n", "5,2,1=4:", "4|1,2,5");
        Assert.True((await Verify("1-2=-1;5+-1=4;5+(1-2)", negative)).IsCorrect);
        Assert.True((await Verify("2-1=1;5-1=4;5-(2-1)", negative)).IsCorrect);
        Assert.False((await Verify("2-1=01;5-1=4;5-(2-1)", negative)).IsCorrect);
    }

    [Fact]
    public async Task A_step_may_mean_any_result_of_that_value()
    {
        var twins = new Problem("t", "8,2,4,1=15:", "15|1,2,4,8"); // 8/2 and 4 are both 4
        const string Steps = "8/2=4;4*4=16;16-1=15;";
        Assert.True((await Verify(Steps + "8/2*4-1", twins)).IsCorrect);
        Assert.True((await Verify("8/2=4;4-1=3;4+3=7;8/2-1+4", new Problem("u", "", "7|1,2,4,8"))).IsCorrect);
        Assert.True((await Verify("8/2=4;4*1=4;4+4=8;4*1+8/2", new Problem("u", "", "8|1,2,4,8"))).IsCorrect);
        Assert.True((await Verify("8/2=4;4*1=4;4+4=8;8/2*1+4", new Problem("u", "", "8|1,2,4,8"))).IsCorrect);
    }

    [Fact]
    public void Hostile_text_is_only_wrong()
    {
        string[] texts =
        [
            new('(', 1 << 22), new('9', 1 << 20), new(';', 1 << 20), string.Concat(Enumerable.Repeat("1+", 1 << 20)), new('(', 250),
            "٣+7", "8/0=0;1/0", "8+3;\0", "999999999999999999999*9=9;1", "(((((((((((((((((8)))))))))))))))))", "-8+24",
            "8/2=4;/", "\ud800;=;=",
        ];
        var took = ThreadClock.Of(() => Assert.All(texts, text => Assert.Equal(0, Verify(text).Result.Reward.ValueOr(-1))));
        Assert.InRange(took.TotalSeconds, 0, 1);
    }

    [Fact]
    public void Random_text_of_the_alphabet_never_throws() =>
        Gen.Char["0123456789+-*/()=;,:"].Array[0, 40].Sample(text =>
            Game.VerifyAsync(Example, new string(text), CancellationToken.None).AsTask().Result.Reward is Reward.Score);

    [Fact]
    public void Every_demonstration_is_correct_and_goes_through_natural_numbers() =>
        Gen.Select(Gen.Enum<Split>(), Gen.Int[0, 1900], Gen.ULong).Sample((split, i, seed) =>
        {
            var problem = Game.Problems(split)[i];
            var response = Game.Demonstrate(problem, seed);
            var verdict = Game.VerifyAsync(problem, response, CancellationToken.None).AsTask().Result;
            Assert.True(verdict.IsCorrect, $"{problem.Prompt}{response}");
            Assert.Equal(1, Part(verdict, "steps"));
            Assert.DoesNotContain("=-", response, StringComparison.Ordinal);
            Assert.DoesNotContain("=(", response, StringComparison.Ordinal);
            Assert.All(response, c => Assert.Contains(c, "0123456789+-*/()=;,:"));
        });

    [Fact]
    public void Demonstrations_reach_every_natural_solution_evenly()
    {
        var problem = new Problem("p", "", "6|1,2,3");
        var shares = Enumerable.Range(0, 4000)
            .Select(i => Game.VerifyAsync(problem, Game.Demonstrate(problem, (ulong)i), CancellationToken.None).AsTask().Result.Solution!)
            .CountBy(form => form).ToDictionary(pair => pair.Key, pair => pair.Value / 4000.0);
        Assert.Equal(["1*2*3", "1+2+3", "2*3/1"], shares.Keys.Order(StringComparer.Ordinal));
        Assert.All(shares.Values, share => Assert.Equal(1.0 / 3, share, 0.03));
    }

    [Fact]
    public void A_problem_without_natural_solution_is_demonstrated_through_fractions() =>
        Assert.Equal("8/3=(8/3);3-(8/3)=(1/3);8/(1/3)=24;8/(3-8/3)", Game.Demonstrate(new Problem("f", "", "24|3,3,8,8"), 1));

    [Fact]
    public void A_problem_without_solution_has_no_demonstration() => Assert.Equal(
        "Problem 'x': there is no solution to demonstrate; choose another target.",
        Assert.Throws<BadInputException>(() => Game.Demonstrate(new Problem("x", "", "999|1,1,1"), 1)).Message);

    [Fact]
    public void A_reference_of_another_task_is_refused_by_name() => Assert.Equal(
        "Problem 'x': the reference '42' is not of Countdown; write target|number,number,... with two to four numbers, " +
        "such as 24|3,7,8,12.",
        Assert.Throws<BadInputException>(() => Game.CountSolutions(new Problem("x", "", "42"))).Message);

    [Theory]
    [InlineData("24|3,x,8")]
    [InlineData("24|3")]
    [InlineData("24|1,2,3,4,5")]
    [InlineData("-1|1,2,3")]
    public void A_damaged_reference_is_refused(string reference) =>
        Assert.Throws<BadInputException>(() => Game.CountSolutions(new Problem("x", "", reference)));
}
