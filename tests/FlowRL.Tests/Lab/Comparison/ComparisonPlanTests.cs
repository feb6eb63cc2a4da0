using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.PolicyGradient;

namespace FlowRL.Tests.Lab.Comparison;

public sealed class ComparisonPlanTests
{
    [Fact]
    public void Changes_are_laid_over_the_base_and_every_seed_has_its_folder()
    {
        var plan = Comparisons.Plan("out", "a: {objective: {beta: 3}}\n  b: {objective: {type: grpo, epsilon_high: 0.3}, training: {passes: 2}}", "train: {training: {steps: 8}}");
        Assert.Equal(["a/seed-1", "a/seed-2", "b/seed-1", "b/seed-2"], plan.Runs.Select(run => run.Folder["out/".Length..]));
        Assert.Equal([1, 2, 1, 2], plan.Runs.Select(run => run.Recipe.Run.Seed));
        Assert.All(plan.Runs, run => Assert.Equal((8, 0), (run.Recipe.Training.Steps, run.Recipe.Evaluation.TestProblems)));
        Assert.Equal(3, Assert.IsType<FlowRLOptions>(plan.Runs[0].Recipe.Objective).Beta);
        Assert.Equal(0.3, Assert.IsType<GrpoOptions>(plan.Runs[2].Recipe.Objective).EpsilonHigh);
        Assert.Equal((1, 2), (plan.Runs[0].Recipe.Training.Passes, plan.Runs[2].Recipe.Training.Passes));
    }

    [Fact]
    public void Runs_side_by_side_share_the_processors_out_and_say_so_in_their_recipes()
    {
        IEnumerable<int> Threads(string more) => Comparisons.Plan("out", more: more).Runs.Select(run => run.Recipe.Run.Threads).Distinct();
        Assert.Equal([0], Threads("parallel: 1")); // all there are
        Assert.Equal([Math.Max(1, Environment.ProcessorCount / 2)], Threads("parallel: 2"));
        Assert.Equal([1], Threads("parallel: 256"));
        Assert.Equal([3], Threads("parallel: 2\ntrain: {run: {threads: 3}}"));
        Assert.Equal("compare.yaml:7: parallel: 0 is out of range; use a number from 1 to 256.", Assert.Throws<BadInputException>(() => Threads("parallel: 0").ToList()).Message);
    }

    [Theory]
    [InlineData("b: {training: {steps: 50}}", "objectives.b: 32 problems × 8 responses × 50 steps are not the 32 × 8 × 100 steps of 'a'; every objective gets the same " +
        "number of samples a step and of steps, so change rollout.problems, rollout.group_size and training.steps for all, below train.")]
    [InlineData("b: {rollout: {group_size: 16}}", "objectives.b: 32 problems × 16 responses × 100 steps are not the 32 × 8 × 100 steps of 'a'; every objective gets the same " +
        "number of samples a step and of steps, so change rollout.problems, rollout.group_size and training.steps for all, below train.")]
    [InlineData("b: {model: {path: elsewhere}}", "objectives.b: model differs from that of 'a'; every objective has the same, so change it for all, below train.")]
    [InlineData("b: {task: {max_target: 9}}", "objectives.b: task differs from that of 'a'; every objective has the same, so change it for all, below train.")]
    [InlineData("b: {training: {max_seconds: 60}}",
        "objectives.b: training.max_seconds would end runs by the clock, after different numbers of samples; set it to 0.")]
    [InlineData("b: {training: {step: 5}}", "The recipe of objectives.b is wrong:\ncompare.yaml:6: training.step: no such key; did you mean 'training.steps'?")]
    [InlineData("b/c: {}", "compare.yaml:6: objectives.b/c: names a folder too; use letters, digits, dashes and underscores.")]
    public void What_would_be_unfair_is_refused(string second, string message) =>
        Assert.Equal(message, Assert.Throws<BadInputException>(() => Comparisons.Plan("out", $"a: {{}}\n  {second}")).Message);

    [Fact]
    public void The_same_samples_in_other_groups_are_fair() =>
        Assert.Equal(4, Comparisons.Plan("out", "a: {}\n  b: {objective: spo, rollout: {problems: 256, group_size: 1}}").Runs.Count);

    [Fact]
    public void A_recipe_with_changes_reads_back_as_it_was_written()
    {
        var text = OptionsWriter.Write(Comparisons.Recipe("out", "a: {objective: {type: flowrl, beta: 1e-3}, rollout: {sampling: {stop_strings: [\"x: #\", \"null\"]}}}"));
        Assert.Equal(text, OptionsWriter.Write(OptionsFile.Parse<CompareRecipe>(text, "resolved.yaml")));
        var sampling = Comparisons.Plan(OptionsFile.Parse<CompareRecipe>(text, "resolved.yaml")).Runs[0].Recipe.Rollout.Sampling;
        Assert.Equal(["x: #", "null"], sampling.StopStrings);
    }
}
