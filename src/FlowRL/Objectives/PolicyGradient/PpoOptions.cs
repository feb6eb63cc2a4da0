using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Models;
using FlowRL.Recipes;

namespace FlowRL.Objectives.PolicyGradient;

/// <summary>
/// PPO. Clips of 0.2, value weight 0.1 as in arXiv 1909.08593; γ = λ = 1 as in arXiv 2503.24290; KL of 0.001 in the reward as in verl.
/// The paper makes several passes over a batch: training.passes.
/// </summary>
[Variant("ppo")]
public sealed record PpoOptions : PolicyGradientOptions
{
    public PpoOptions() =>
        Kl = new KlOptions { Coefficient = 0.001, Placement = KlPlacement.Reward, Estimator = KlEstimator.K1 };

    [Description("γ: what a reward one token later is worth.")]
    [Range(0.0, 1.0)]
    public double Gamma { get; init; } = 1;

    [Description("λ of generalised advantage estimation: 1 uses whole returns, less trusts the critic more.")]
    [Range(0.0, 1.0)]
    public double GaeLambda { get; init; } = 1;

    [Description("Normalise advantages over the tokens of the rollout batch.")]
    public bool NormaliseAdvantages { get; init; } = true;

    [Description("Weight of the value loss.")]
    [Range(0.0, 1000.0)]
    public double ValueCoefficient { get; init; } = 0.1;

    [Description("The value loss gains nothing from moving a value further than this from its old one; 0 sets no bound.")]
    [Range(0.0, 1e6)]
    public double ValueClip { get; init; } = 0.2;

    [Description("The critic.")]
    public CriticOptions Critic { get; init; } = new();

    public override IObjective Create() => new PpoObjective(this);
}
