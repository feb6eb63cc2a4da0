using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;

namespace FlowRL.Tests.Objectives.DistributionMatching;

public sealed class FlowRLOptionsTests
{
    [Fact]
    public void The_paper_is_the_default()
    {
        var settings = new FlowRLOptions().Resolve();
        Assert.Equal(new FlowRLOptions { Preset = FlowRLPreset.Paper }.Resolve(), settings);
        Assert.True(settings.LengthNormalised && settings.RewardNormalised);
        Assert.Equal(15, settings.Beta.At(0));
        Assert.Equal(new ImportanceWeight(WeightLevel.Sequence, Math.Log(0.8), Math.Log(1.2)), settings.Weight);
        Assert.Equal(ResidualKind.Squared, settings.Residual.Kind);
        Assert.Equal(new PartitionOptions(), settings.Partition);
        Assert.Equal(ObjectiveNeeds.Reference | ObjectiveNeeds.LogPartition, new FlowRLOptions().Create().Needs);
    }

    [Theory]
    [InlineData(FlowRLPreset.AuthorsCode, 20)]
    [InlineData(FlowRLPreset.VerlPort, 2.302585092994046)] // log 10
    public void Both_codes_bound_no_weight_from_below_and_leave_out_the_last_prompt_token(FlowRLPreset preset, double logHigh)
    {
        var settings = new FlowRLOptions { Preset = preset }.Resolve();
        Assert.Equal(new ImportanceWeight(WeightLevel.Sequence, -20, logHigh), settings.Weight);
        Assert.Equal(new PartitionOptions { Dropout = 0.1, ExcludeLastPromptToken = true }, settings.Partition);
        Assert.True(settings.LengthNormalised && settings.RewardNormalised);
    }

    [Fact]
    public void The_exact_target_is_the_papers_objective_without_normalisation_and_with_rising_beta()
    {
        var paper = new FlowRLOptions().Resolve();
        Assert.Equal(paper with { LengthNormalised = false, RewardNormalised = false, Beta = new BetaSchedule(BetaScheduleKind.Linear, 1.5, 15, 0.6) },
            new FlowRLOptions { Preset = FlowRLPreset.ExactTarget }.Resolve());
        Assert.Equal(["beta_anneal_share: has no effect with beta_schedule: constant; remove it, or choose linear or cosine."],
            new FlowRLOptions { Preset = FlowRLPreset.ExactTarget, BetaSchedule = BetaScheduleKind.Constant, BetaAnnealShare = 0.5 }.Validate());
    }

    [Fact]
    public void A_given_key_overrides_the_preset()
    {
        var options = new FlowRLOptions
        {
            Preset = FlowRLPreset.AuthorsCode,
            LengthNormalised = false,
            RewardNormalised = false,
            WeightLevel = WeightLevel.GeometricMean,
            WeightClip = WeightClip.TwoSided,
            EpsilonHigh = 0.28,
            Partition = new() { ExcludeLastPromptToken = false, LearningRateFactor = 100 },
        };
        var settings = options.Resolve();
        Assert.False(settings.LengthNormalised || settings.RewardNormalised);
        Assert.Equal(new ImportanceWeight(WeightLevel.GeometricMean, Math.Log(0.8), Math.Log(1.28)), settings.Weight);
        Assert.Equal(new PartitionOptions { Dropout = 0.1, LearningRateFactor = 100 }, settings.Partition);
        Assert.Equal(settings.Partition, options.Create().Partition);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Every_preset_is_valid() =>
        Assert.All(Enum.GetValues<FlowRLPreset>(), preset => Assert.Empty(new FlowRLOptions { Preset = preset }.Validate()));

    [Fact]
    public void Keys_without_effect_are_refused_all_at_once() => Assert.Equal(
        [
            "beta_start: has no effect with beta_schedule: constant; remove it, or choose linear or cosine.",
            "beta_anneal_share: has no effect with beta_schedule: constant; remove it, or choose linear or cosine.",
            "epsilon_low: has no effect with weight_clip: none; remove it, or set weight_clip: two_sided.",
            "epsilon_high: has no effect with weight_clip: none; remove it, or set weight_clip: two_sided.",
            "weight_cap: has no effect with weight_clip: none; remove it, or set weight_clip: upper_bound.",
            "residual_scale: has no effect with residual_loss: squared; remove it, or choose huber, linex or shifted_cosh.",
        ],
        new FlowRLOptions
        {
            Preset = FlowRLPreset.AuthorsCode,
            BetaStart = 1,
            BetaAnnealShare = 0.5,
            EpsilonLow = 0.1,
            EpsilonHigh = 0.1,
            WeightCap = 5,
            ResidualScale = 2,
        }.Validate());

    [Fact]
    public void Without_an_importance_weight_its_keys_are_refused() => Assert.Equal(
        [
            "weight_level: has no effect with importance_weight: false; remove it, or set importance_weight: true.",
            "weight_clip: has no effect with importance_weight: false; remove it, or set importance_weight: true.",
            "epsilon_low: has no effect with importance_weight: false; remove it, or set importance_weight: true.",
        ],
        new FlowRLOptions
        {
            ImportanceWeight = false,
            WeightLevel = WeightLevel.Sequence,
            WeightClip = WeightClip.TwoSided,
            EpsilonLow = 0.1,
        }.Validate());
}
