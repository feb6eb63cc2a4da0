namespace FlowRL.Objectives.DistributionMatching;

/// <summary>Variants of FlowRL: three published ones, and the one of this library. docs/method.md has the table with sources.</summary>
public enum FlowRLPreset
{
    /// <summary>arXiv 2509.15207: sequence ratio clipped on both sides, log Z from every prompt token.</summary>
    Paper,

    /// <summary>The authors' first code: the clipped ratio is computed but the unclipped one is used; last prompt token left out.</summary>
    AuthorsCode,

    /// <summary>The later port in verl: the ratio is capped at 10; last prompt token left out.</summary>
    VerlPort,

    /// <summary>
    /// The exact target π_ref·exp(β·r) / Z: raw rewards, whole responses, β raised linearly. The paper's objective in all else; results/ has
    /// what it keeps that the normalised ones lose.
    /// </summary>
    ExactTarget,
}
