namespace FlowRL.Lab.Import;

/// <summary>TRL's loss, scaling, bounds and divergence as one objective.</summary>
internal static class TrlObjective
{
    /// <returns>The objective's name.</returns>
    public static string Write(Conversion conversion, bool isRloo)
    {
        var name = isRloo ? LeaveOneOut(conversion) : Grouped(conversion);
        var low = conversion.Number("epsilon") ?? 0.2;
        var high = conversion.Number("epsilon_high");
        conversion.Set("objective.epsilon_low", low, "", "epsilon");
        conversion.Set("objective.epsilon_high", high ?? low, "", high is null ? "epsilon" : "epsilon_high");
        if (conversion.Number("delta") is > 0 and var bound) conversion.Set("objective.dual_clip", bound, "", "delta");
        if (conversion.Number("entropy_coef") is { } bonus) conversion.Set("objective.entropy_bonus", bonus, "", "entropy_coef");
        conversion.Set("objective.kl.coefficient", conversion.Number("beta") ?? (isRloo ? 0.05 : 0), "", "beta");
        conversion.Set("objective.kl.placement", isRloo ? "reward" : "loss", "");
        conversion.Set("objective.kl.estimator", isRloo ? "k1" : "k3", "");
        return name;
    }

    private static string LeaveOneOut(Conversion conversion)
    {
        var isNormalised = conversion.Flag("normalize_advantages") == true;
        var name = isNormalised ? "reinforce_pp_baseline" : "rloo";
        conversion.Set("objective.type", name, isNormalised ? "normalised over the batch's tokens" : "", "normalize_advantages");
        conversion.Set("objective.aggregation", "constant", "a sum over tokens there; divided by the length limit here, which is one factor for all");
        conversion.Assume("objective: TRL's RLOO has one ratio for a whole response, here each token has its own; in the first update of a step both are 1.");
        return name;
    }

    private static string Grouped(Conversion conversion)
    {
        var scaling = (conversion.Text("scale_rewards") ?? "group").ToUpperInvariant() switch
        {
            "GROUP" or "TRUE" => "grpo",
            "NONE" or "FALSE" => "dr_grpo",
            "BATCH" => "reinforce_pp_baseline",
            _ => null,
        };
        if (scaling is null) conversion.Refuse("scale_rewards", "it is not known; grpo stands");
        if (scaling == "reinforce_pp_baseline")
            conversion.Assume("objective: reinforce_pp_baseline normalises over the batch's tokens, TRL's batch scaling over its responses.");
        var name = scaling ?? "grpo";
        conversion.Set("objective.type", name, "", "scale_rewards");
        if (conversion.Text("importance_sampling_level") == "sequence")
        {
            if (name != "grpo") conversion.Refuse("scale_rewards", "gspo's advantage is scaled by the group's deviation");
            conversion.Set("objective.type", name = "gspo", "", "importance_sampling_level");
        }
        Aggregation(conversion);
        return name;
    }

    private static void Aggregation(Conversion conversion)
    {
        var (here, note, isKnown) = (conversion.Text("loss_type") ?? "dapo") switch
        {
            "dapo" => ("token_mean", "", true),
            "bnpo" => ("token_mean", "over the tokens of an update; there of a device's piece", true),
            "grpo" => ("sequence_mean", "", true),
            "dr_grpo" => ("constant", "", true),
            _ => ("token_mean", "", false),
        };
        if (!isKnown) conversion.Refuse("loss_type", "it is not here; the clipped surrogate with token_mean stands");
        if (conversion.Settings.Find("loss_type") is null)
            conversion.Assume("loss_type: TRL 1 takes dapo; versions before it took grpo or bnpo, with a beta of 0.04 in the first.");
        conversion.Set("objective.aggregation", here, note, "loss_type");
    }
}
