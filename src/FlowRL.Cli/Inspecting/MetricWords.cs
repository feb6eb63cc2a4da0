namespace FlowRL.Cli.Inspecting;

/// <summary>What the logged numbers are, each in a few words. Steps without a number of that name have nothing to say about it.</summary>
internal static class MetricWords
{
    private const string PartPrefix = "reward/";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        // What was sampled.
        ["reward"] = "mean reward of the step's responses",
        ["accuracy"] = "share of responses that are correct, from 0 to 1",
        ["reward_errors"] = "share of responses that could not be scored",
        ["reward_timeouts"] = "share of responses whose scoring took too long",
        ["length"] = "mean length of a response, in tokens",
        ["truncated"] = "share of responses that the length limit cut off",
        ["distinct_correct"] = "different right answers to a problem, mean over the step's problems",
        ["sampled_groups"] = "problems sampled, those that were replaced counted too",
        ["tokens_per_second"] = "tokens sampled a second",
        ["tokens"] = "tokens trained on in the step",
        ["tokens_taught"] = "of these, tokens whose likelihood is learnt",
        ["epoch"] = "passes over the examples so far",

        // How it was learnt from.
        ["loss"] = "what the step minimised; only its course within one run says something",
        ["learning_rate"] = "how far one update moves the weights",
        ["gradient_norm"] = "size of the gradient before clipping",
        ["gradient_norm_log_z"] = "size of the gradient of log Z's network before clipping",
        ["gradient_clip_share"] = "share of updates whose gradient was scaled down",
        ["non_finite"] = "share of updates with a loss or gradient that is no number; they change nothing",
        ["entropy"] = "how undecided the model is about the next token, in nats; near 0 it always says the same",
        ["sampler_gap_max"] = "largest difference between the sampler's log-probability and the trainer's; rounding, about 1e-5",
        ["staleness"] = "updates since the responses were sampled, mean",
        ["staleness_max"] = "updates since the responses were sampled, most",
        ["policy_log_prob"] = "mean log-probability of the responses under the model",
        ["reference_log_prob"] = "the same under the model as it was before training",
        ["kl_reference"] = "how far the model has moved from where it started, in nats a token",
        ["reward_mean"] = "mean reward of the responses that were scored",
        ["reward_std"] = "spread of the rewards within a problem's responses, mean over problems",
        ["zero_variance_groups"] = "share of problems whose responses all earned the same, which teaches nothing about reward",
        ["left_out"] = "share of responses that the objective did not learn from",
        ["score"] = "what the objective credits a response with, mean",
        ["clip_share"] = "share of weights or ratios that the clip range bounded",

        // FlowRL and its kin.
        ["log_z"] = "learnt log of the partition function, mean: how much reward the prompts promise",
        ["beta"] = "how strongly reward weighs against staying near the start",
        ["residual"] = "mean distance from the flow balance; 0 at the target",
        ["residual_abs"] = "the same without its sign",
        ["weight"] = "importance weight of a response, mean; 1 where the sampling policy is the trained one",
        ["weight_min"] = "smallest importance weight",
        ["weight_max"] = "largest importance weight",
        ["length_tilt"] = "whether longer good answers gain (above 0) or shorter ones",

        // Policy gradients.
        ["surrogate"] = "the clipped objective of the policy gradient",
        ["correction"] = "mean weight that corrects for the sampling policy",
        ["value"] = "what the critic or tracker expects, mean",
        ["value_loss"] = "squared error of the critic",
        ["value_clip_share"] = "share of values that their clip range bounded",
        ["value_kept"] = "how much earlier rewards of a problem still count",
        ["explained_variance"] = "share of the returns' variance that the critic explains; 1 is all",
        ["off_policy"] = "share of responses left out because the policy had moved away from them",
        ["answers_seen"] = "different answers that problems have had so far, all problems together",
        ["drift"] = "how far the updates moved the policy on the step's responses, in nats a token",

        // Measured on problems that are not trained on.
        ["validation_accuracy"] = "share of correct responses to validation problems",
        ["validation_reward"] = "mean reward of responses to validation problems",
        ["validation_distinct"] = "different right answers to a validation problem",
        ["validation_loss"] = "mean negative log-likelihood of validation demonstrations, in nats a token",
        ["validation_score"] = "what ranks checkpoints; the highest is kept and tested",

        // Where time goes.
        ["seconds"] = "seconds of training up to this step",
        ["seconds_sampling"] = "seconds of the step spent on sampling and scoring responses",
        ["seconds_scoring"] = "seconds spent on log-probabilities under model and reference",
        ["seconds_gradient"] = "seconds spent on forward and backward passes",
        ["seconds_optimizer"] = "seconds spent on changing the weights",
    };

    /// <summary>Null for a name of which nothing is known, such as one of an objective of the user's own.</summary>
    public static string? Of(string name) => name.Split('/') is ["evaluation", var evaluation, var measure] ? measure switch
    {
        "accuracy" => $"share of correct responses in the evaluation '{evaluation}'",
        "reward" => $"mean reward of responses in '{evaluation}'",
        "distinct" => $"different right answers to a problem of '{evaluation}'",
        _ => $"share of responses in '{evaluation}' that the length limit cut off",
    }
        : Known.GetValueOrDefault(name)
        ?? (name.StartsWith(PartPrefix, StringComparison.Ordinal) ? $"what '{name[PartPrefix.Length..]}' gives, mean over responses"
            : name.StartsWith("exact_", StringComparison.Ordinal) ? "measured over all responses that there are; see docs/evaluation.md" : null);
}
