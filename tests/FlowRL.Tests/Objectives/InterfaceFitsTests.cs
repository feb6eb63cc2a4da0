using FlowRL.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Objectives;

/// <summary>Algorithms unlike FlowRL fit <see cref="IObjective"/>: with and without a critic, at token level, groups or none.</summary>
public sealed class InterfaceFitsTests
{
    // On policy the ratio is 1 and, with π_θ = π_ref, k3 is flat: each of the 3 trained tokens has gradient −A/3.
    [Fact]
    public void A_grpo_without_critic_at_token_level()
    {
        var batch = new TokenBatch([[-1, -2], [-3, 0]], [[-1, -2], [-3, 0]], [[-1, -2], [-3, 0]], [[1, 1], [1, 0]], [0, 0], [0.6, -0.9]);
        var evaluation = batch.Evaluate(new SmallGrpo(clip: 0.2, klCoefficient: 0.001));
        double[] expected = [-0.2, -0.2, 0.3, 0];
        Assert.All(expected.Zip(evaluation.PolicyGradient), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal((-1.2 + 0.9) / 3, evaluation.Loss, 1e-12);
    }

    // Far above the clip with a positive advantage nothing is left of the surrogate's gradient; the KL term of −0.001·(e^gap − 1) is.
    [Fact]
    public void A_grpo_clips_and_pulls_to_the_reference()
    {
        var batch = new TokenBatch([[-1]], [[-2]], [[-1.5]], [[1]], [0], [1]);
        var evaluation = batch.Evaluate(new SmallGrpo(clip: 0.2, klCoefficient: 0.001));
        Assert.Equal(0.001 * (1 - Math.Exp(-0.5)), evaluation.PolicyGradient[0], 1e-12);
    }

    // Values 0.5 and 0.25, reward 1 at the end. λ = 1: A = 1 − V, returns 1. λ = 0: A_0 = V_1 − V_0, A_1 = 1 − V_1.
    [Theory]
    [InlineData(1, new[] { 0.5f, 0.75f }, new[] { 1f, 1f })]
    [InlineData(0, new[] { -0.25f, 0.75f }, new[] { 0.25f, 1f })]
    public void A_ppo_assigns_credit_token_by_token(double lambda, float[] advantages, float[] returns)
    {
        var response = new CreditInput(0, 1, false, [-1, -1], [], [0.5f, 0.25f]);
        var credit = new SmallPpo(clip: 0.2, lambda).AssignCredit([response]).Credits[0];
        Assert.Equal(advantages, credit.TokenAdvantages);
        Assert.Equal(returns, credit.TokenReturns);
    }

    // Two tokens. Policy: −A/2 each. Critic: (V − R)/2 where the value is within the clip of its old one; 1.0 is beyond it on the side
    // that would lower the loss, so the clipped branch (0.7 − 2)² counts and its gradient is 0.
    [Fact]
    public void A_ppo_trains_policy_and_critic()
    {
        using var scope = NewDisposeScope();
        Tensor Row(params double[] values) => tensor(values).unsqueeze(0);
        var (policy, values) = (Row(-1, -1).requires_grad_(true), Row(0.4, 1).requires_grad_(true));
        var result = new SmallPpo(clip: 0.2, lambda: 1).Evaluate(new ObjectiveInputs
        {
            PolicyLogProbs = policy,
            OldLogProbs = Row(-1, -1),
            ReferenceLogProbs = Row(0, 0),
            Entropy = Row(0, 0),
            LogPartition = tensor(new[] { 0.0 }),
            Values = values,
            OldValues = Row(0.5, 0.5),
            Mask = Row(1, 1),
            Scores = tensor(new[] { 1.0 }),
            Advantages = Row(0.5, -2),
            Returns = Row(1, 2),
            MiniBatchResponses = 1,
            MiniBatchTokens = 2,
            Progress = 0,
        });
        result.Loss.backward();
        Assert.Equal([-0.25, 1], policy.grad!.data<double>().ToArray());
        Assert.Equal([-0.3, 0], values.grad!.data<double>().Select(v => Math.Round(v, 12)));
        Assert.Equal((0.5 * 0.36 - 0.5 + 0.5 * 1.69 + 2) / 2, result.Loss.ToDouble(), 1e-12);
    }
}
