using CsCheck;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tasks.Modes;

namespace FlowRL.Tests.Tasks.Modes;

public sealed class ModesTaskTests
{
    private static readonly Gen<ModesOptions> Options = Gen.Select(Gen.Int[4, 16], Gen.Int[4, 6], Gen.Bool, Gen.Int[1, 4], Gen.Long[0, 1000],
        (letters, length, varies, modes, seed) =>
            new ModesOptions { Letters = letters, Length = length, VariableLength = varies, Modes = modes, Width = 2, Problems = 3, Seed = seed });

    [Fact]
    public void Modes_are_apart_and_end_before_the_next_ones_peak() => Options.Sample(options =>
    {
        var task = new ModesTask(options);
        foreach (var landscape in task.Problems(Split.Train).Select(task.Landscape))
        {
            Assert.Equal(options.Modes, landscape.Modes.Count);
            Assert.All(landscape.Modes, mode =>
            {
                Assert.Equal(mode.Peak, landscape.Reward(mode.Center), 1e-12);
                Assert.All(landscape.Modes.Where(other => other != mode), other => Assert.True(Mode.Distance(mode.Center, other.Center) > options.Width));
                Assert.InRange(mode.Center.Length, options.VariableLength ? options.Width : options.Length, options.Length);
            });
            Assert.Equal(0, landscape.Reward(""));
        }
    }, iter: 50);

    [Fact]
    public void Prompts_differ_and_hold_two_different_letters() => Gen.Select(Gen.Int[2, 6], Gen.Int[1, 60]).Sample((letters, problems) =>
    {
        var prompts = new ModesTask(new ModesOptions { Letters = letters, Length = 8, Modes = 1, Width = 2, Problems = problems })
            .Problems(Split.Test).Select(problem => problem.Prompt.Text).ToList();
        Assert.Equal(problems, prompts.Distinct().Count());
        Assert.Single(prompts.Select(prompt => prompt.Length).Distinct());
        Assert.All(prompts, prompt => Assert.True(prompt.Distinct().Count() > 1));
    }, iter: 50);

    [Fact]
    public async Task The_peak_is_right_and_a_neighbour_earns_less()
    {
        var task = new ModesTask(new ModesOptions { Width = 3 });
        var problem = task.Problems(Split.Validation)[0];
        var highest = task.Landscape(problem).Modes[0];
        var peak = await task.VerifyAsync(problem, highest.Center, CancellationToken.None);
        var beside = await task.VerifyAsync(problem, $"{(highest.Center[0] == 'a' ? 'b' : 'a')}{highest.Center[1..]}", CancellationToken.None);
        Assert.Equal((1.0, highest.Center), (peak.Reward.ValueOr(-1), peak.Solution));
        Assert.Equal(2 / 3.0, beside.Reward.ValueOr(-1), 1e-12);
        Assert.False(beside.IsCorrect);
        Assert.Equal(6, task.CountSolutions(problem));
        Assert.Equal(0.8, task.Landscape(problem).Modes[^1].Peak, 1e-12);
    }

    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "cab", 3)]
    [InlineData("", "ab", 2)]
    public void Distance_counts_places(string a, string b, int distance) =>
        Assert.Equal((distance, distance), (Mode.Distance(a, b), Mode.Distance(b, a)));

    [Fact]
    public void Modes_that_do_not_fit_are_refused() => Assert.Equal(
        "task.modes: 20 peaks that are more than 3 letters apart were not found among answers of 4 from 2 letters; ask for fewer, or lower task.width.",
        Assert.Throws<BadInputException>(() => new ModesTask(new ModesOptions { Letters = 2, Length = 4, Modes = 20 })).Message);

    [Fact]
    public void Letters_that_the_created_model_does_not_have_are_refused() => Assert.Equal(
        "my.yaml:3: task.letters: 16 letters, and model.create.letters has 4; answers need the model's letters, so use the same number.",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>(
            "objective: flowrl\nmodel: { create: { letters: 4 } }\ntask: { type: modes, letters: 16 }\n", "my.yaml", [])).Message);
}
