using static TorchSharp.torch;

namespace FlowRL.Objectives;

/// <summary>
/// Rejection sampling: the negative log-likelihood of the model's own correct answers, −mean over responses of 1[r &gt; threshold]·mean_t
/// log π_θ(y_t). A control: everything but the objective is shared with FlowRL.
/// </summary>
public sealed class RejectionSamplingObjective(RejectionSamplingOptions options) : IObjective
{
    public string Name => "rejection_sampling";

    public ObjectiveNeeds Needs => ObjectiveNeeds.None;

    public int MinimumGroupSize => 1;

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses) => new(
        [.. responses.Select(response => Credit.Uniform(response.Reward > options.Threshold ? 1 : 0, response.OldLogProbs.Length))],
        new GroupStatistics(responses).Metrics);

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var logProb = (inputs.PolicyLogProbs * inputs.Mask).sum(1) / inputs.Mask.sum(1).clamp_min(1); // (B)
        var loss = -(logProb * inputs.Scores).sum() / inputs.MiniBatchResponses;
        var metrics = new Dictionary<string, double>
        {
            ["policy_log_prob"] = logProb.detach().mean().to_type(ScalarType.Float64).item<double>(),
            ["kept_share"] = inputs.Scores.mean().to_type(ScalarType.Float64).item<double>(),
        };
        return new ObjectiveResult(loss.MoveToOuterDisposeScope(), metrics);
    }
}
