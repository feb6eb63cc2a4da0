using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Objectives;
using FlowRL.Objectives.PolicyGradient;
using static FlowRL.Tests.Objectives.ObjectiveVariants;

namespace FlowRL.Tests.Objectives.PolicyGradient;

public sealed class SpoTests
{
    // Unknown problems start at 0.5 with weight 1/(1 − 0.875) = 8: S = 4, N = 8. A reward of 1: S = 5, N = 9.
    // No drift until the next visit: ρ = min(1, 0.96); reward 0: S = 4.8, N = 9.64.
    // Then a drift of 0.0072 nats: 2^(−0.12) = 0.9201876506248752 within the bounds; rewards 1, 1: S = 0.92·4.8 + 2, N = 0.92·9.64 + 2.
    [Fact]
    public void The_tracker_forgets_and_adds()
    {
        var tracker = new ValueTracker(0.06, 0.875, 0.96);
        Assert.Equal(0.5, tracker.Value("a"));
        Assert.Equal(1, tracker.Visit([("a", 1)]));
        Assert.Equal(5.0 / 9, tracker.Value("a"), 1e-12);
        Assert.Equal(0.96, tracker.Visit([("a", 0)]), 1e-12);
        Assert.Equal(4.8 / 9.64, tracker.Value("a"), 1e-12);
        tracker.Moved(0.0052);
        tracker.Moved(0.002);
        const double kept = 0.9201876506248752;
        Assert.Equal(kept, tracker.Visit([("a", 1), ("a", 1)]), 1e-12);
        Assert.Equal((kept * 4.8 + 2) / (kept * 9.64 + 2), tracker.Value("a"), 1e-12);
    }

    [Fact]
    public void A_policy_far_away_forgets_down_to_the_lower_bound()
    {
        var tracker = new ValueTracker(0.06, 0.875, 0.96);
        tracker.Visit([("a", 1)]);
        tracker.Moved(10);
        Assert.Equal(0.875, tracker.Visit([("a", 1)]));
    }

    [Fact]
    public void Problems_not_seen_start_at_the_mean_of_the_known_ones()
    {
        var tracker = new ValueTracker(0.06, 0.875, 0.96);
        tracker.Visit([("a", 1), ("b", 0)]);
        Assert.Equal((5.0 / 9 + 4.0 / 9) / 2, tracker.Value("c"), 1e-12);
        tracker.Visit([("a", 1)]);
        Assert.Equal((tracker.Value("a") + tracker.Value("b")) / 2, tracker.Value("c"), 1e-12);
    }

    [Fact]
    public void Values_stay_between_the_smallest_and_the_largest_reward() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 0.2]).Array[1, 40].Sample(visits =>
        {
            var tracker = new ValueTracker(0.06, 0.875, 0.96);
            foreach (var (reward, drift) in visits)
            {
                tracker.Visit([("a", reward)]);
                tracker.Moved(drift);
                Assert.InRange(tracker.Value("a"), Math.Min(0.5, visits.Min(v => v.Item1)) - 1e-12, Math.Max(0.5, visits.Max(v => v.Item1)) + 1e-12);
            }
        });

    // a is at 5/9 and b at 4/9. Rewards 1 and 0: advantages 4/9 and −4/9, deviation √(2·(4/9)²) over two responses: ±1/√2.
    // With rewards 1 and 1: 4/9 and 5/9, again ±1/√2 around their mean, but the surprise is now b's.
    [Fact]
    public void The_baseline_is_the_value_before_this_steps_rewards()
    {
        var objective = new SpoOptions().Create();
        objective.AssignCredit([Response(0, 1, problem: "a"), Response(1, 0, problem: "b")]);
        var state = ((IStatefulObjective)objective).Save().ToJsonString();
        float[] Scored(double a, double b)
        {
            var copy = (IStatefulObjective)new SpoOptions().Create();
            copy.Restore(JsonNode.Parse(state)!.AsObject());
            return Scores(copy, Response(0, a, problem: "a"), Response(1, b, problem: "b"));
        }
        var half = Math.Sqrt(0.5);
        Assert.All(Scored(1, 0).Zip([half, -half]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.All(Scored(1, 1).Zip([-half, half]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void Replayed_and_masked_responses_teach_the_tracker_nothing()
    {
        var objective = (SpoObjective)new SpoOptions().Create();
        objective.AssignCredit([Response(0, 1, problem: "a")]);
        var before = objective.Save().ToJsonString();
        objective.AssignCredit([Response(0, 0, problem: "a") with { IsReplayed = true }, Response(1, 0, problem: "a", trained: false)]);
        Assert.Equal(before, objective.Save().ToJsonString());
    }

    // √(0.5·0.5) + 0.05 for a new problem; a settled one tends to 0.05.
    [Fact]
    public void Uncertain_problems_are_preferred()
    {
        var objective = (SpoObjective)new SpoOptions().Create();
        Assert.True(objective.Prioritises);
        Assert.Equal(0.55, objective.Weight("a"), 1e-12);
        for (var i = 0; i < 200; i++) objective.AssignCredit([Response(0, 1, problem: "a")]);
        Assert.True(objective.Weight("a") < 0.2);
    }

    [Fact]
    public void Damaged_state_is_refused()
    {
        var objective = (IStatefulObjective)new SpoOptions().Create();
        objective.AssignCredit([Response(0, 1, problem: "a")]);
        foreach (var key in new[] { "values", "kl_coefficient" })
        {
            var state = JsonNode.Parse(objective.Save().ToJsonString())!.AsObject();
            state.Remove(key);
            Assert.Throws<FormatException>(() => objective.Restore(state));
        }
    }
}
