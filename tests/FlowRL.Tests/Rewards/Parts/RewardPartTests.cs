using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rewards;
using FlowRL.Rewards.Parts;
using FlowRL.Tasks;

namespace FlowRL.Tests.Rewards.Parts;

public sealed class RewardPartTests
{
    private static readonly Verdict Right = new(new Reward.Score(1, new Dictionary<string, double> { ["correct"] = 1 }), "4", "4");
    private static readonly Verdict Wrong = new(new Reward.Score(0), "5", null);

    [Fact]
    public async Task Parts_are_added_up_by_weight_and_kept_by_name()
    {
        var mixed = await Mix(("task", new TaskPartOptions()), ("boxed", new PatternPartOptions { Pattern = @"\\boxed\{", Weight = 0.5 }),
            ("short", new LengthPartOptions { Free = 10, Limit = 20, Weight = 0.1 })).ApplyAsync(Input(@"So \boxed{4}", 15), Right, default);
        var score = Assert.IsType<Reward.Score>(mixed.Reward);
        Assert.Equal(1 + 0.5 - 0.05, score.Value, 1e-12);
        Assert.Equal(new Dictionary<string, double> { ["correct"] = 1, ["task"] = 1, ["boxed"] = 1, ["short"] = -0.5 }, score.Parts);
        Assert.True(mixed.IsCorrect);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(15, -0.5)]
    [InlineData(20, -1)]
    [InlineData(99, -1)]
    public async Task Length_costs_between_free_and_limit(int length, double value) =>
        Assert.Equal(value, await Score(new LengthPartOptions { Free = 10, Limit = 20 }, length, Right));

    [Fact]
    public async Task Wrong_answers_need_not_be_short() =>
        Assert.Equal(0, await Score(new LengthPartOptions { Limit = 20, OnlyCorrect = true }, 99, Wrong));

    [Fact]
    public async Task What_the_task_failed_on_has_no_parts()
    {
        var failed = new Verdict(new Reward.Error("broken"), null, null);
        Assert.Same(failed, await Mix(("task", new TaskPartOptions())).ApplyAsync(Input("x", 1), failed, default));
    }

    [Fact]
    public async Task A_part_that_is_no_number_is_an_error_of_its_own()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await Mix(("mine", new NanOptions())).ApplyAsync(Input("x", 1), Right, default));
        Assert.Equal("reward.parts.mine gave NaN", error.Message);
    }

    [Fact]
    public void Without_parts_there_is_no_mix() => Assert.Null(RewardMix.Of(new RewardOptions()));

    [Theory]
    [InlineData("{type: pattern, pattern: '('}", "my.yaml:3: reward.parts.p.pattern: not a regular expression that can be used (")]
    [InlineData("{type: pattern, pattern: '(?=a)'}", "my.yaml:3: reward.parts.p.pattern: not a regular expression that can be used (")]
    [InlineData("{type: length, limit: 5, free: 5}", "my.yaml:3: reward.parts.p.limit: 5 must be more than free (5).")]
    [InlineData("{type: process, command: []}", "my.yaml:3: reward.parts.p.command: names no program; give it as a list, such as [python3, score.py].")]
    public void Wrong_parts_are_refused(string part, string message) => Assert.StartsWith(message, Refusal(part), StringComparison.Ordinal);

    [Fact]
    public void A_part_that_is_not_known_is_refused_with_those_that_are()
    {
        var known = OptionVariants.BuiltIn.Of(typeof(RewardPartOptions)).Keys.Select(name => $"'{name}'");
        Assert.Equal($"my.yaml:3: reward.parts.p: 'patern' is not one of {string.Join(", ", known)}; did you mean 'pattern'?", Refusal("{type: patern}"));
    }

    [Fact]
    public async Task A_part_of_ones_own_is_named_in_recipes()
    {
        var recipe = OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl\nreward: {parts: {polite: {type: politeness, weight: 3, word: please}}}\n",
            "my.yaml", [], new OptionVariants(typeof(PolitenessOptions).Assembly));
        Assert.Equal(new PolitenessOptions { Weight = 3, Word = "please" }, recipe.Reward.Parts["polite"]);
        var mixed = await RewardMix.Of(recipe.Reward)!.ApplyAsync(Input("8/2, please", 3), Right, default);
        Assert.Equal(3, mixed.Reward.ValueOr(0));
    }

    private static string Refusal(string part) => Assert.Throws<BadInputException>(() =>
        OptionsFile.Parse<TrainRecipe>($"task: countdown\nobjective: flowrl\nreward: {{parts: {{p: {part}}}}}\n", "my.yaml", [])).Message;

    private static RewardMix Mix(params (string Name, RewardPartOptions Part)[] parts) =>
        RewardMix.Of(new RewardOptions { Parts = new OrderedDictionary<string, RewardPartOptions>(parts.Select(part => KeyValuePair.Create(part.Name, part.Part))) })!;

    private static RewardInput Input(string response, int length) => new(new Problem("p", "2+2?", "4"), response, length, false);

    private static async Task<double> Score(RewardPartOptions part, int length, Verdict verdict) =>
        await part.Create().ScoreAsync(Input("x", length), verdict, default);

    private sealed record NanOptions : RewardPartOptions
    {
        public override IRewardPart Create() => new Part();

        private sealed class Part : IRewardPart
        {
            public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) => ValueTask.FromResult(double.NaN);
        }
    }
}
