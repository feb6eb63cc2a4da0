namespace FlowRL.Telemetry;

/// <summary>Names of the metrics that every view knows. Objectives add their own beside them.</summary>
public static class MetricNames
{
    /// <summary>Mean reward of the step's responses.</summary>
    public const string Reward = "reward";

    /// <summary>Share of correct responses, in [0, 1].</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Mean length of a response, in tokens.</summary>
    public const string Length = "length";

    /// <summary>Mean entropy of the policy at response tokens, in nats.</summary>
    public const string Entropy = "entropy";

    /// <summary>Mean learned log Z.</summary>
    public const string LogPartition = "log_z";

    public const string Loss = "loss";

    /// <summary>Global norm before clipping.</summary>
    public const string GradientNorm = "gradient_norm";

    public const string LearningRate = "learning_rate";

    /// <summary>Sampled tokens a second (trained ones in a supervised run).</summary>
    public const string TokensPerSecond = "tokens_per_second";

    /// <summary>Share of responses that hit the length limit, in [0, 1].</summary>
    public const string Truncated = "truncated";

    /// <summary>Share of correct responses to validation problems, in [0, 1]; only in steps that validate.</summary>
    public const string ValidationAccuracy = "validation_accuracy";

    public const string ValidationLoss = "validation_loss";

    /// <summary>Mean reward, with all its parts, of responses to validation problems; only in steps that validate.</summary>
    public const string ValidationReward = "validation_reward";

    /// <summary>What checkpoints are ranked by, higher is better; only in steps that validate.</summary>
    public const string ValidationScore = "validation_score";

    /// <summary>Share of responses on which the verifier or a part of the reward failed, in [0, 1].</summary>
    public const string RewardErrors = "reward_errors";

    /// <summary>Share of responses on which the verifier or a part of the reward did not end in time, in [0, 1].</summary>
    public const string RewardTimeouts = "reward_timeouts";
}
