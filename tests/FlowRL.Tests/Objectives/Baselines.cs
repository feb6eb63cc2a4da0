using FlowRL.Objectives;
using static TorchSharp.torch;

namespace FlowRL.Tests.Objectives;

/// <summary>GRPO (arXiv 2402.03300): no critic, groups, token level. Small, to show that the interface holds it.</summary>
internal sealed class SmallGrpo(double clip, double klCoefficient) : IObjective
{
    public string Name => "small_grpo";

    public ObjectiveNeeds Needs => ObjectiveNeeds.Reference;

    public int MinimumGroupSize => 2;

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
    {
        var groups = GroupStatistics.ByComparedGroup(responses);
        return new([.. responses.Select(r => Credit.Uniform(groups[r.Group].Normalise(r.Reward), r.OldLogProbs.Length))],
            GroupStatistics.Metrics(responses, groups));
    }

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var ratio = (inputs.PolicyLogProbs - inputs.OldLogProbs).exp(); // (B, T)
        var surrogate = minimum(ratio * inputs.Advantages, ratio.clamp(1 - clip, 1 + clip) * inputs.Advantages);
        var gap = inputs.ReferenceLogProbs - inputs.PolicyLogProbs;
        var k3 = gap.exp() - gap - 1;
        var loss = Masked.Sum(klCoefficient * k3 - surrogate, inputs.Mask).sum() / inputs.MiniBatchTokens;
        return new(loss.MoveToOuterDisposeScope(), new Dictionary<string, double>());
    }
}

/// <summary>PPO (arXiv 1707.06347) with a critic and GAE(γ = 1, λ): no groups, credit that differs from token to token.</summary>
internal sealed class SmallPpo(double clip, double lambda) : IObjective
{
    public string Name => "small_ppo";

    public ObjectiveNeeds Needs => ObjectiveNeeds.Values;

    public int MinimumGroupSize => 1;

    public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses) =>
        new([.. responses.Select(Assign)], new Dictionary<string, double>());

    public ObjectiveResult Evaluate(ObjectiveInputs inputs)
    {
        using var scope = NewDisposeScope();
        var ratio = (inputs.PolicyLogProbs - inputs.OldLogProbs).exp(); // (B, T)
        var surrogate = minimum(ratio * inputs.Advantages, ratio.clamp(1 - clip, 1 + clip) * inputs.Advantages);
        var near = inputs.OldValues + (inputs.Values - inputs.OldValues).clamp(-clip, clip);
        var valueLoss = 0.5 * maximum((inputs.Values - inputs.Returns).square(), (near - inputs.Returns).square());
        var loss = Masked.Sum(valueLoss - surrogate, inputs.Mask).sum() / inputs.MiniBatchTokens;
        return new(loss.MoveToOuterDisposeScope(), new Dictionary<string, double>());
    }

    private Credit Assign(CreditInput response)
    {
        var length = response.Values.Length;
        var (advantages, returns) = (new float[length], new float[length]);
        var (advantage, nextValue) = (0.0, 0.0);
        for (var t = length - 1; t >= 0; t--)
        {
            var reward = t == length - 1 ? response.Reward : 0;
            advantage = reward + nextValue - response.Values[t] + lambda * advantage;
            nextValue = response.Values[t];
            advantages[t] = (float)advantage;
            returns[t] = (float)(advantage + nextValue);
        }
        return new((float)response.Reward, advantages, returns);
    }
}
