using FlowRL.Models;
using FlowRL.Objectives;
using FlowRL.Objectives.DistributionMatching;
using FlowRL.Rollouts;
using FlowRL.Tests.Support;
using TorchSharp;

namespace FlowRL.Tests.Training;

/// <summary>An engine that promises little: what it does not, the trainer computes.</summary>
public sealed class OtherEngineTests
{
    private const int Steps = 4;

    [Fact]
    public void An_engine_without_log_probabilities_and_a_version_behind_is_trained_through()
    {
        var recipe = TinyRuns.Recipe();
        // Sampling in this process with a lag of one draws from the same policies, and says what it computed.
        var lagging = Run(recipe with { Rollout = recipe.Rollout with { Lag = 1 } });
        var slow = Run(recipe with { Rollout = recipe.Rollout with { Engine = new SlowEngineOptions() } });
        Assert.Equal([0, 0, 4, 8], slow.Versions);
        Assert.Equal(lagging.Versions, slow.Versions);
        Assert.Equal(lagging.TokenIds, slow.TokenIds);
        Assert.Equal(Steps * 16, slow.Behaviour.Count);
        Assert.All(lagging.Behaviour.Zip(slow.Behaviour), pair => Assert.All(pair.First.Zip(pair.Second),
            logProbs => Assert.Equal(logProbs.First, logProbs.Second, 1e-4f)));
        Assert.Equal([0, 4, 4, 4], slow.Staleness);
    }

    [Fact]
    public void An_engine_further_behind_than_it_promised_is_named()
    {
        var recipe = TinyRuns.Recipe();
        using var session = new TinyRuns.Session(recipe with { Rollout = recipe.Rollout with { Engine = new SlowEngineOptions { Promised = 0 } } });
        session.Trainer.Step(0, CancellationToken.None);
        var error = Assert.Throws<InvalidOperationException>(() => session.Trainer.Step(1, CancellationToken.None));
        Assert.Equal("The rollout engine sampled with policy version 0, where 4 is being trained and no other is kept; it promised to be no " +
            "further behind.", error.Message);
    }

    private sealed record Seen(List<long> Versions, List<int[]> TokenIds, List<float[]> Behaviour, List<double> Staleness);

    private static Seen Run(FlowRL.Recipes.TrainRecipe recipe)
    {
        var seen = new Seen([], [], [], []);
        var objective = new WatchedOptions((FlowRLOptions)recipe.Objective, inputs => seen.Behaviour.AddRange(inputs.Select(input => input.BehaviourLogProbs)));
        using var session = new TinyRuns.Session(recipe with { Objective = objective });
        session.Trainer.Sampled += (_, groups) =>
        {
            var responses = groups.SelectMany(group => group.Rollout.Responses).ToList();
            seen.Versions.Add(Assert.Single(responses.SelectMany(response => response.PolicyVersions).Distinct()));
            seen.TokenIds.AddRange(responses.Select(response => response.TokenIds));
        };
        for (var step = 0; step < Steps; step++) seen.Staleness.Add(session.Trainer.Step(step, CancellationToken.None)["staleness"]);
        return seen;
    }

    /// <summary>FlowRL, with a look at what credit is assigned to.</summary>
    private sealed record WatchedOptions(FlowRLOptions Inner, Action<IReadOnlyList<CreditInput>> Look) : ObjectiveOptions
    {
        public override IObjective Create() => new Watched(Inner.Create(), Look);
    }

    private sealed class Watched(IObjective inner, Action<IReadOnlyList<CreditInput>> look) : IObjective
    {
        public string Name => inner.Name;

        public ObjectiveNeeds Needs => inner.Needs;

        public PartitionOptions Partition => inner.Partition;

        public int MinimumGroupSize => inner.MinimumGroupSize;

        public CreditAssignment AssignCredit(IReadOnlyList<CreditInput> responses)
        {
            look(responses);
            return inner.AssignCredit(responses);
        }

        public ObjectiveResult Evaluate(ObjectiveInputs inputs) => inner.Evaluate(inputs);
    }

    private sealed record SlowEngineOptions : RolloutEngineOptions
    {
        public int Promised { get; init; } = 1;

        public override IRolloutEngine Create(EngineSetting setting) => new SlowEngine(setting, Promised);
    }

    /// <summary>
    /// Like a server: weights of its own, which it takes over a synchronisation late; answers from other threads, after a while; no log-probabilities.
    /// </summary>
    private sealed class SlowEngine : IRolloutEngine
    {
        private readonly Decoder _own;
        private readonly Sampler _sampler;
        private Decoder? _next;
        private long _version, _nextVersion;

        public SlowEngine(EngineSetting setting, int promised)
        {
            _own = new Decoder(setting.Policy.Config, torch.CPU);
            _sampler = new Sampler(_own, setting.Tokenizer, setting.Slots);
            Promises = new EnginePromises { LogProbs = LogProbQuality.None, OwnSeeds = true, VersionsBehind = promised };
        }

        public EnginePromises Promises { get; }

        public async Task SynchroniseAsync(Decoder policy, long version, CancellationToken cancellation)
        {
            await Task.Run(() =>
            {
                using var _ = torch.no_grad();
                var arrived = _next ?? policy;
                (_version, _nextVersion) = (_next is null ? version : _nextVersion, version);
                foreach (var (name, weight) in _own.Weights) weight.copy_(arrived.Merged(name));
                _next ??= new Decoder(policy.Config, torch.CPU);
                foreach (var (name, weight) in _next.Weights) weight.copy_(policy.Merged(name));
            }, cancellation);
            await _sampler.SynchroniseAsync(_own, _version, cancellation);
        }

        public async Task<SamplingStatistics> SampleAsync(
            IReadOnlyList<SampleRequest> requests, SamplingOptions options, IRolloutObserver observer, CancellationToken cancellation)
        {
            var groups = new List<RolloutGroup>();
            var collector = new OrderedGroups(requests, (_, group) => groups.Add(group));
            var statistics = await Task.Run(() => _sampler.SampleAsync(requests, options, collector, cancellation), cancellation);
            // Handed over out of order, each from whatever thread goes on.
            foreach (var (request, group) in groups.Index().Reverse())
            {
                foreach (var (sample, response) in group.Responses.Index())
                {
                    await Task.Yield();
                    observer.OnResponse(request, sample, new Response
                    {
                        TokenIds = response.TokenIds,
                        LossMask = response.LossMask,
                        LogProbs = [],
                        FinishReason = response.FinishReason,
                        PolicyVersions = response.PolicyVersions,
                        Text = response.Text,
                    });
                }
            }
            return statistics;
        }

        public void Dispose()
        {
            _sampler.Dispose();
            _own.Dispose();
            _next?.Dispose();
        }
    }
}
