using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowRL.Tests.Objectives.DistributionMatching;

/// <summary>
/// FlowRL matches p* ∝ π_ref·exp(β·r): by enumerating all nine answers of two tokens from a vocabulary of three. The policy is a table
/// of logits, so everything is exact: raw rewards, no length normalisation. Answers are taken to come from the uniform policy; the
/// unclipped importance weight then turns the mean over the nine answers into the expectation over the policy.
/// </summary>
public sealed class DistributionMatchingTests
{
    private const int V = 3, Answers = V * V;

    private static readonly FlowRLOptions Exact = new()
    {
        Beta = 2,
        LengthNormalised = false,
        RewardNormalised = false,
        WeightClip = WeightClip.None,
    };

    [Fact]
    public void The_expected_gradient_of_half_the_square_is_that_of_the_divergence_whatever_log_Z() =>
        Gen.Select(Gen.ULong, Gen.Double[-5, 5]).Sample((seed, logZ) =>
        {
            using var scope = NewDisposeScope();
            var (reference, reward) = (LogPolicy(Logits(seed, "reference")), Rewards(seed));
            var target = reference.sum(-1) + Exact.Beta * reward;
            target = target - target.logsumexp(0);

            var flow = Logits(seed, "policy").requires_grad_(true);
            (Evaluate(LogPolicy(flow), reference, reward, logZ).Loss / 2).backward();

            var divergence = Logits(seed, "policy").requires_grad_(true);
            var logPolicy = LogPolicy(divergence).sum(-1);
            (logPolicy.exp() * (logPolicy - target)).sum().backward();

            Assert.True(divergence.grad!.abs().max().ToDouble() > 1e-3);
            Assert.True(allclose(divergence.grad, flow.grad!, rtol: 1e-9, atol: 1e-10));
        }, iter: 40, threads: 1);

    [Fact]
    public void The_loss_is_zero_at_the_exact_target_with_the_exact_log_Z_and_nowhere_else() =>
        Gen.ULong.Sample(seed =>
        {
            using var scope = NewDisposeScope();
            var (reference, reward) = (LogPolicy(Logits(seed, "reference")), Rewards(seed));
            var target = reference.sum(-1) + Exact.Beta * reward; // (9), not normalised
            var logZ = target.logsumexp(0).ToDouble();
            var table = (target - logZ).reshape(V, V);
            var first = table.logsumexp(-1, keepdim: true);
            var policy = Tokens(first.squeeze(-1), table - first);
            Assert.Equal(0, Evaluate(policy, reference, reward, logZ).Loss.ToDouble(), 1e-24);
            Assert.True(Evaluate(policy, reference, reward, logZ + 0.1).Loss.ToDouble() > 1e-3);
            Assert.True(Evaluate(reference, reference, reward, logZ).Loss.ToDouble() > 1e-3);
        }, iter: 20, threads: 1);

    private static ObjectiveResult Evaluate(Tensor policy, Tensor reference, Tensor reward, double logZ)
    {
        var zero = zeros_like(reference);
        return Exact.Create().Evaluate(new ObjectiveInputs
        {
            PolicyLogProbs = policy,
            BehaviourLogProbs = zero - Math.Log(V),
            ProximalLogProbs = zero - Math.Log(V),
            SamplerLogProbs = zero - Math.Log(V),
            ReferenceLogProbs = reference,
            LogPartition = zeros(Answers, ScalarType.Float64) + logZ,
            Mask = ones_like(reference),
            Scores = reward,
            Offsets = zeros(Answers, ScalarType.Float64),
            Entropy = zero,
            Values = zero,
            OldValues = zero,
            Advantages = zero,
            Returns = zero,
            MiniBatchResponses = Answers,
            Groups = zeros(Answers, ScalarType.Int64),
            MiniBatchTokens = 2 * Answers,
            LengthLimit = 2,
            Progress = 0,
        });
    }

    /// <summary>Row 0 holds the logits of the first token, row 1 + v those of the second after first token v.</summary>
    private static Tensor Logits(ulong seed, string name) => Draws(seed, name, (1 + V) * V).reshape(1 + V, V) * 4 - 2;

    private static Tensor Rewards(ulong seed) => Draws(seed, "reward", Answers);

    private static Tensor Draws(ulong seed, string name, int count) =>
        tensor(Enumerable.Range(0, count).Select(i => Seeds.Uniform(Seeds.Derive(seed, name), i)).ToArray());

    /// <summary>(1 + V, V) logits -> (9, 2) log-probabilities of both tokens of every answer.</summary>
    private static Tensor LogPolicy(Tensor logits)
    {
        var logProbs = nn.functional.log_softmax(logits, -1);
        return Tokens(logProbs[0], logProbs[1..]);
    }

    private static Tensor Tokens(Tensor first, Tensor second) =>
        stack([first.unsqueeze(-1).expand(V, V).reshape(Answers), second.reshape(Answers)], -1);
}
