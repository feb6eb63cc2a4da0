using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>verl's advantage, surrogate, bounds and divergence as one objective.</summary>
internal static class VerlObjective
{
    private const string Actor = "actor_rollout_ref.actor.";

    /// <returns>The objective's name.</returns>
    public static string Write(Conversion conversion)
    {
        if (Matched(conversion)) return "flowrl";
        var name = Named(conversion);
        conversion.Set("objective.type", name, "", "algorithm.adv_estimator");
        if (name == "ppo") Critic(conversion);
        else foreach (var setting in conversion.Settings.All.Where(one => one.Key.StartsWith("critic.", StringComparison.Ordinal)))
            conversion.Idle(setting.Key, $"{name} has no critic");
        if (conversion.Number("algorithm.gamma") is { } gamma && gamma != 1 && name == "reinforce_pp")
            conversion.Miss("algorithm.gamma", "rewards are not discounted with reinforce_pp");
        if (name == "dapo") Refill(conversion);
        Bounds(conversion, name);
        Aggregation(conversion, name);
        if (conversion.Number($"{Actor}entropy_coeff") is { } bonus) conversion.Set("objective.entropy_bonus", bonus, "", $"{Actor}entropy_coeff");
        Divergence(conversion);
        Correction(conversion);
        return name;
    }

    /// <summary>FlowRL itself: its authors' first code, or the port to later versions of verl. Both leave verl's other settings of the loss unused.</summary>
    private static bool Matched(Conversion conversion)
    {
        var isFirst = conversion.Take($"{Actor}tb_type") is not null;
        var beta = conversion.Number("algorithm.tb_coef");
        if (!isFirst && beta is null && !conversion.Settings.Program.Contains("flowrl", StringComparison.OrdinalIgnoreCase)) return false;
        conversion.Set("objective.type", "flowrl", "", $"{Actor}tb_type");
        conversion.Set("objective.preset", isFirst ? "authors_code" : "verl_port", "");
        conversion.Set("objective.beta", beta ?? 15, "", "algorithm.tb_coef");
        conversion.Assume(isFirst ? "objective.preset is authors_code, since tb_type is of the authors' first code; paper is what the paper says."
            : "objective.preset is verl_port, since the program is the later port; paper is what the paper says.");
        return true;
    }

    private static string Named(Conversion conversion)
    {
        var estimator = conversion.Text("algorithm.adv_estimator") ?? "gae";
        var isScaled = conversion.Flag("algorithm.norm_adv_by_std_in_grpo") ?? true;
        var (name, fault) = estimator switch
        {
            "gae" => ("ppo", null),
            "grpo" or "grpo_vectorized" => (isScaled ? "grpo" : "dr_grpo", null),
            "rloo" or "rloo_vectorized" => ("rloo", null),
            "reinforce_plus_plus" => ("reinforce_pp", null),
            "reinforce_plus_plus_baseline" => ("reinforce_pp_baseline", null),
            "remax" => ("rloo", "the reward of the likeliest answer is no baseline here; rloo, whose baseline is the mean of the others, stands"),
            "opo" => ("dr_grpo", "a baseline weighed by length is not here; dr_grpo, whose baseline is the mean, stands"),
            "gpg" => ("dr_grpo", "it is not here; dr_grpo stands, whose advantage is not scaled either"),
            "grpo_passk" => ("grpo", "credit for the best of a group alone is not here; grpo stands"),
            "optimal_token_baseline" or "tir_optimal_token_baseline" => ("dr_grpo", "a baseline for each token is not here; dr_grpo stands"),
            _ => ("grpo", (string?)"it is not known; grpo stands"),
        };
        if (fault is not null) conversion.Refuse("algorithm.adv_estimator", fault);
        if (!isScaled && name == "dr_grpo") conversion.Set("objective.type", name, "", "algorithm.norm_adv_by_std_in_grpo");
        var surrogate = conversion.Text($"{Actor}policy_loss.loss_mode") ?? "vanilla";
        if (surrogate == "gspo" && name is "grpo" or "dr_grpo")
        {
            if (name == "dr_grpo") conversion.Refuse("algorithm.norm_adv_by_std_in_grpo", "gspo's advantage is scaled by the group's deviation");
            conversion.Set("objective.type", name = "gspo", "", $"{Actor}policy_loss.loss_mode");
        }
        else if (surrogate != "vanilla")
            conversion.Refuse($"{Actor}policy_loss.loss_mode", $"it is not here; the clipped surrogate of {name} stands");
        return conversion.Flag("algorithm.filter_groups.enable") == true ? Filtered(conversion, name) : name;
    }

    private static string Filtered(Conversion conversion, string name)
    {
        if (name != "grpo")
        {
            conversion.Miss("algorithm.filter_groups.enable", $"groups are filtered by dapo alone, not by {name}");
            return name;
        }
        conversion.Set("objective.type", "dapo", "", "algorithm.filter_groups.enable");
        return "dapo";
    }

    private static void Refill(Conversion conversion)
    {
        const string key = "algorithm.filter_groups.max_num_gen_batches";
        var rounds = conversion.Count(key);
        conversion.Set("objective.refill_rounds", rounds is { } limit ? limit - 1 : 1000, rounds is null ? "no limit" : "", key);
    }

    private static void Critic(Conversion conversion)
    {
        conversion.Set("objective.gamma", conversion.Number("algorithm.gamma") ?? 1, "", "algorithm.gamma");
        conversion.Set("objective.gae_lambda", conversion.Number("algorithm.lam") ?? 1, "", "algorithm.lam");
        conversion.Set("objective.value_clip", conversion.Number("critic.cliprange_value") ?? 0.5, "", "critic.cliprange_value");
        var policy = conversion.Settings.Find($"{Actor}optim.lr") is { IsOpen: false } rate && Forms.Number(rate.Value) is { } text
            ? double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1e-6;
        var critic = conversion.Number("critic.optim.lr") ?? 1e-5;
        if (policy > 0) conversion.Set("objective.critic.learning_rate_factor", Math.Round(critic / policy, 6), "times the policy's", "critic.optim.lr");
        conversion.Assume("objective.critic: a head on the policy stands for verl's second model; objective.value_coefficient is FlowRL's 0.1.");
    }

    private static void Bounds(Conversion conversion, string name)
    {
        var both = conversion.Number($"{Actor}clip_ratio");
        var (low, high) = (conversion.Number($"{Actor}clip_ratio_low"), conversion.Number($"{Actor}clip_ratio_high"));
        if (low is not null && high is not null && both is not null) conversion.Idle($"{Actor}clip_ratio", "clip_ratio_low and clip_ratio_high decide");
        if (both is not null && low is null && high is null)
        {
            conversion.Assume("clip_ratio bounds the ratio on both sides; verl's later versions take their clip_ratio_low and clip_ratio_high of 0.2 where " +
                "those are not set to null.");
        }
        conversion.Set("objective.epsilon_low", low ?? both ?? 0.2, "", low is null && both is not null ? $"{Actor}clip_ratio" : $"{Actor}clip_ratio_low");
        conversion.Set("objective.epsilon_high", high ?? both ?? 0.2, "", high is null && both is not null ? $"{Actor}clip_ratio" : $"{Actor}clip_ratio_high");
        if (name != "gspo") conversion.Set("objective.dual_clip", conversion.Number($"{Actor}clip_ratio_c") ?? 3, "", $"{Actor}clip_ratio_c");
    }

    private static void Aggregation(Conversion conversion, string name)
    {
        const string key = $"{Actor}loss_agg_mode";
        var written = conversion.Text(key) ?? "token-mean";
        if (name == "gspo")
        {
            conversion.Set("objective.aggregation", "sequence_mean", "always with gspo");
            if (written is not ("token-mean" or "seq-mean-token-mean")) conversion.Idle(key, "gspo takes the mean of each response there too");
            return;
        }
        var (here, note) = written switch
        {
            "token-mean" => ("token_mean", ""),
            "seq-mean-token-mean" => ("sequence_mean", ""),
            "seq-mean-token-sum" => ("constant", "divided by the length limit beside that, which is one factor for all"),
            "seq-mean-token-sum-norm" => ("constant", "divided by the length limit"),
            _ => ("token_mean", null),
        };
        if (note is null) conversion.Refuse(key, "it is not known; token_mean stands");
        conversion.Set("objective.aggregation", here, note ?? "", key);
    }

    private static void Divergence(Conversion conversion)
    {
        const string loss = $"{Actor}use_kl_loss", reward = "algorithm.use_kl_in_reward";
        var (inLoss, inReward) = (conversion.Flag(loss) ?? false, conversion.Flag(reward) ?? false);
        if (inLoss && inReward) conversion.Miss(reward, "the divergence is in the loss or in the reward; here it is in the loss");
        if (!inLoss && !inReward)
        {
            conversion.Set("objective.kl.coefficient", 0, "", loss, reward);
            return;
        }
        var coefficient = inLoss ? $"{Actor}kl_loss_coef" : "algorithm.kl_ctrl.kl_coef";
        var estimator = inLoss ? $"{Actor}kl_loss_type" : "algorithm.kl_penalty";
        conversion.Set("objective.kl.coefficient", conversion.Number(coefficient) ?? 0.001, "", coefficient);
        conversion.Set("objective.kl.placement", inLoss ? "loss" : "reward", "", inLoss ? loss : reward);
        conversion.Set("objective.kl.estimator", Estimator(conversion, estimator, inLoss ? "low_var_kl" : "kl"), "", estimator);
        if (!inLoss && conversion.Text("algorithm.kl_ctrl.type") == "adaptive")
        {
            conversion.Miss("algorithm.kl_ctrl.type", "verl aims at a mean over tokens, objective.kl.target is for whole responses; the coefficient is fixed " +
                "until you set it to verl's times the usual length");
        }
    }

    private static string Estimator(Conversion conversion, string key, string otherwise)
    {
        var written = conversion.Text(key) ?? otherwise;
        if (written.EndsWith('+'))
        {
            conversion.Assume($"{OptionsErrors.Quote(written)} of {key} has the gradient of k2, which stands.");
            return "k2";
        }
        switch (written)
        {
            case "kl" or "k1": return "k1";
            case "mse" or "k2": return "k2";
            case "low_var_kl" or "k3": return "k3";
            default:
                conversion.Refuse(key, "there is no such estimator; k3 stands");
                return "k3";
        }
    }

    private static void Correction(Conversion conversion)
    {
        const string level = "algorithm.rollout_correction.rollout_is", cap = "algorithm.rollout_correction.rollout_is_threshold";
        if (conversion.Text(level) is { } named && named is ("token" or "sequence"))
        {
            conversion.Set("objective.correction.level", named, "the sampler is the trainer's own code here, so that little is left to correct", level);
            conversion.Set("objective.correction.cap", conversion.Number(cap) ?? 2, "", cap);
        }
        else if (conversion.Number($"{Actor}tis_imp_ratio_cap") is > 0 and var bound)
        {
            conversion.Set("objective.correction.level", "token", "", $"{Actor}tis_imp_ratio_cap");
            conversion.Set("objective.correction.cap", bound, "", $"{Actor}tis_imp_ratio_cap");
        }
    }
}
