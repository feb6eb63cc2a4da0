using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Rollouts;

namespace FlowRL.Tests.Rollouts;

public sealed class RepetitionPenaltyTests
{
    private static readonly float[] Logits = [2, -1, 1.5f, 0.5f];

    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(1.3, 0)]  // 2 / 1.3 is still above 1.5
    [InlineData(1.5, 2)]
    public void What_stands_there_already_is_less_likely(double penalty, int expected)
    {
        var options = new SamplingOptions { Temperature = 0, RepetitionPenalty = penalty };
        Assert.Equal(expected, RepetitionPenalty.Draw(Logits, [0, 0, 1], options, 0.5).Id);
    }

    [Fact]
    public void Logits_below_zero_are_multiplied_and_the_log_probability_is_the_policys()
    {
        var options = new SamplingOptions { Temperature = 0.7, RepetitionPenalty = 2 };
        float[] penalised = [1, -2, 1.5f, 0.5f];
        foreach (var uniform in (double[])[0.01, 0.4, 0.7, 0.99])
        {
            var drawn = RepetitionPenalty.Draw(Logits, [1, 0, 1], options, uniform);
            Assert.Equal(TokenSampler.Draw(penalised, options, uniform).Id, drawn.Id);
            var policy = Logits.Select(logit => Math.Exp(logit / 0.7)).ToArray();
            Assert.Equal(Math.Log(policy[drawn.Id] / policy.Sum()), drawn.LogProb, 1e-5);
        }
    }

    [Fact]
    public void Training_refuses_it() => Assert.Equal(
        "--set rollout.sampling.repetition_penalty: samples another distribution than the one trained; leave it at 1 here and set it under evaluation.sampling.",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<TrainRecipe>("task: countdown\nobjective: flowrl", "r.yaml",
            ["rollout.sampling.repetition_penalty=1.1", "evaluation.sampling.repetition_penalty=1.1"])).Message);
}
