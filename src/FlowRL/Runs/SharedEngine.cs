using FlowRL.Models;
using FlowRL.Rollouts;

namespace FlowRL.Runs;

/// <summary>One engine for several evaluators, which take turns: each has a view of its own to own. Owns the engine.</summary>
internal sealed class SharedEngine(IRolloutEngine engine) : IDisposable
{
    private long _versions;

    /// <summary>The engine, for whoever disposes what it is given.</summary>
    public IRolloutEngine View() => new Borrowed(this);

    public void Dispose() => engine.Dispose();

    private sealed class Borrowed(SharedEngine shared) : IRolloutEngine
    {
        public EnginePromises Promises => shared.Engine.Promises;

        // Each view counts its own measurements, and the engine must see the weights change with every one of any.
        public Task SynchroniseAsync(Decoder policy, long version, CancellationToken cancellation) =>
            shared.Engine.SynchroniseAsync(policy, ++shared._versions, cancellation);

        public Task<SamplingStatistics> SampleAsync(
            IReadOnlyList<SampleRequest> requests, SamplingOptions options, IRolloutObserver observer, CancellationToken cancellation) =>
            shared.Engine.SampleAsync(requests, options, observer, cancellation);

        public void Dispose() { }
    }

    private IRolloutEngine Engine => engine;
}
