using CsCheck;
using FlowRL.Configuration;
using FlowRL.Evaluation;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Objectives.Targets;

namespace FlowRL.Tests.Objectives.Targets;

/// <summary>What each target makes of right answers, listed and as a run learns it.</summary>
public sealed class TargetTests
{
    private static readonly Gen<(double Log, int Solution)[]> Spaces = Gen.Select(Gen.Double[-6, 0], Gen.Int[-3, 3]).Array[3, 12];

    public static TheoryData<TargetOptions> All =>
        [.. OptionVariants.BuiltIn.Of(typeof(TargetOptions)).Values.Select(type => (TargetOptions)Activator.CreateInstance(type)!)];

    [Fact]
    public void A_flat_target_gives_every_right_answer_of_equal_reward_the_same() => Spaces.Sample(space =>
    {
        var right = Probabilities(new FlatTargetOptions(), space).Where((_, i) => space[i].Solution > 0).ToList();
        Assert.All(right, p => Assert.Equal(right[0], p, 1e-9));
    });

    [Fact]
    public void A_target_flat_by_solution_gives_every_solution_the_same_and_keeps_the_odds_of_its_forms() => Spaces.Sample(space =>
    {
        var p = Probabilities(new FlatBySolutionTargetOptions(), space);
        var masses = space.Select((y, i) => (y.Solution, P: p[i], y.Log)).Where(y => y.Solution > 0).GroupBy(y => y.Solution).ToList();
        Assert.All(masses, forms => Assert.Equal(masses[0].Sum(y => y.P), forms.Sum(y => y.P), 1e-9));
        Assert.All(masses, forms => Assert.All(forms, y => Assert.Equal(Math.Exp(y.Log - forms.First().Log), y.P / forms.First().P, 1e-6)));
    });

    [Fact]
    public void A_tempered_target_has_a_share_of_the_references_odds() => Gen.Select(Spaces, Gen.Double[0, 1]).Sample((space, alpha) =>
    {
        var p = Probabilities(new TemperedTargetOptions { Alpha = alpha }, space);
        for (var i = 1; i < space.Length; i++)
            if (space[i].Solution > 0 == space[0].Solution > 0) Assert.Equal(alpha * (space[i].Log - space[0].Log), Math.Log(p[i] / p[0]), 1e-6);
    });

    /// <summary>What a run has seen whole, it knows exactly, whatever came in which group.</summary>
    [Fact]
    public void What_is_learnt_from_samples_is_what_is_listed_once_everything_right_was_seen() => Gen.Select(Spaces, Gen.OneOf(Each())).Sample((space, options) =>
    {
        var target = options.Create();
        CreditInput[] responses = [.. space.Select((y, i) => Response(y.Log, y.Solution, (ulong)i))];
        foreach (var response in responses) target.Offsets([response]);
        var found = target.Offsets([responses[0], .. responses]);
        var expected = options.Create().Exact([.. space.Select(y => (double)(float)y.Log)], [.. space.Select(Listed)]);
        Assert.Equal(expected[0], found[0], 1e-5);
        Assert.All(expected.Zip(found.Skip(1)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    });

    [Theory]
    [MemberData(nameof(All))]
    public void What_was_learnt_is_saved_and_restored(TargetOptions options)
    {
        CreditInput[] responses = [Response(-1, 1, 10), Response(-2, 1, 11), Response(-4, 2, 12), Response(-3, -1, 13)];
        var (target, restored) = (options.Create(), options.Create());
        target.Offsets(responses);
        restored.Restore((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(target.Save().ToJsonString())!);
        Assert.Equal(target.Offsets([responses[2]]), restored.Offsets([responses[2]]));
        Assert.Equal(options is FlatTargetOptions or FlatBySolutionTargetOptions, options.Create().Save().Count > 0);
        if (options is FlatTargetOptions) Assert.Equal("'anchors' is missing", Assert.Throws<FormatException>(() => restored.Restore([])).Message);
        if (options is FlatBySolutionTargetOptions) Assert.Equal("'forms' is missing", Assert.Throws<FormatException>(() => restored.Restore([])).Message);
    }

    // Forms at e^-1, e^-2 of one solution and e^-4 of another: masses log(e^-1 + e^-2) = −0.68673831 and −4.
    [Fact]
    public void The_same_form_counts_once()
    {
        var target = new FlatBySolutionTargetOptions().Create();
        CreditInput[] responses = [Response(-1, 1, 10), Response(-1, 1, 10), Response(-2, 1, 11), Response(-4, 2, 12), Response(-9, -1, 13)];
        Assert.Equal([0, 0, 0, 4 - 0.68673831, 0], target.Offsets(responses), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    // A right answer at e^-0.5 whose solution is not known: the anchor of a flat target, and in no solution's mass.
    [Fact]
    public void A_right_answer_without_a_solution_is_right_and_no_solution()
    {
        CreditInput[] responses = [Response(-1, 1, 10), Response(-3, 2, 11), Response(-9, -1, 12), Response(-0.5, -1, 13) with { IsCorrect = true }];
        ListedAnswer[] listed = [new(true, "1"), new(true, "2"), new(false, null), new(true, null)];
        void Check(TargetOptions options, params double[] expected)
        {
            Assert.Equal(expected, options.Create().Offsets(responses), (a, b) => Math.Abs(a - b) < 1e-6);
            Assert.Equal(expected, options.Create().Exact([-1, -3, -9, -0.5], listed), (a, b) => Math.Abs(a - b) < 1e-6);
        }
        Check(new FlatTargetOptions(), 0.5, 2.5, 0, 0);
        Check(new FlatBySolutionTargetOptions(), 0, 2, 0, 0);
        Check(new ReferenceTargetOptions(), 0, 0, 0, 0);
        Assert.Equal([0], new FlatBySolutionTargetOptions().Create().Offsets([responses[3]])); // alone, too
    }

    [Fact]
    public void Targets_that_are_not_of_whole_responses_and_raw_rewards_are_refused()
    {
        Assert.Equal(
            [
                "target: another target than reference is one of whole responses; set length_normalised: false, or a preset that does.",
                "target: another target than reference is one of the rewards themselves; set reward_normalised: false, or a preset that does.",
            ],
            new FlowRLOptions { Target = new FlatTargetOptions() }.Validate());
        Assert.Empty(new FlowRLOptions { Target = new FlatTargetOptions(), Preset = FlowRLPreset.ExactTarget }.Validate());
        Assert.Empty(new VarGradOptions { Target = new TemperedTargetOptions() }.Validate());
    }

    private static TargetOptions[] Each() => [.. All.Select(row => row.Data)];

    private static ListedAnswer Listed((double Log, int Solution) y) => new(y.Solution > 0, y.Solution > 0 ? $"{y.Solution}" : null);

    /// <summary>p* with reward 1 for what is right, β 2.</summary>
    private static double[] Probabilities(TargetOptions options, (double Log, int Solution)[] space)
    {
        double[] logs = [.. space.Select(y => y.Log)];
        var offsets = options.Create().Exact(logs, [.. space.Select(Listed)]);
        return [.. TargetDistribution.Exact(logs, [.. space.Select(y => y.Solution > 0 ? 1.0 : 0)], beta: 2, offsets).LogProbs.Select(Math.Exp)];
    }

    private static CreditInput Response(double log, int solution, ulong form) => new(0, solution > 0 ? 1 : 0, IsTruncated: false, [-1], [(float)log], [])
    {
        Problem = "one",
        Solution = solution > 0 ? $"{solution}" : null,
        Form = form,
    };
}
