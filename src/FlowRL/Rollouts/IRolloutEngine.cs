using FlowRL.Configuration;
using FlowRL.Decoding;
using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Rollouts;

/// <summary>
/// What samples responses: kernels of this process (<see cref="Sampler"/>), or a server. Token ids go in and come out, so that nothing that was
/// sampled is ever encoded again; every token says which policy drew it.
/// </summary>
/// <remarks>
/// One call at a time. An engine may compute on the thread that calls it and then returns tasks that are complete: tensor work must stay on its
/// thread, and whoever calls from one waits there.
/// </remarks>
public interface IRolloutEngine : IDisposable
{
    /// <summary>What this engine keeps; the trainer computes the rest itself.</summary>
    EnginePromises Promises { get; }

    /// <summary>Takes over weights. Responses asked for later are drawn by them, or by one up to <see cref="EnginePromises.VersionsBehind"/> older.</summary>
    /// <param name="policy">The weights, adapters included; borrowed until the next call.</param>
    /// <param name="version">Optimiser steps that they have had.</param>
    /// <param name="cancellation">Ends the transfer; the engine then keeps what it had.</param>
    Task SynchroniseAsync(Decoder policy, long version, CancellationToken cancellation);

    /// <summary>Samples every request; each response is handed over as it ends, in any order.</summary>
    /// <param name="requests">Prompts with the number of responses wanted.</param>
    /// <param name="options">How tokens are drawn.</param>
    /// <param name="observer">Told of tokens, where the engine sees them, and of every response; never by two threads at once.</param>
    /// <param name="cancellation">Ends sampling; responses that have ended have been handed over.</param>
    /// <exception cref="BadInputException">A prompt is empty or leaves no room for a response in the model's context.</exception>
    Task<SamplingStatistics> SampleAsync(
        IReadOnlyList<SampleRequest> requests, SamplingOptions options, IRolloutObserver observer, CancellationToken cancellation);
}

/// <summary>What a rollout engine keeps, beyond token ids and a policy version for each.</summary>
public sealed record EnginePromises
{
    /// <summary>What the log-probabilities of its responses are.</summary>
    public required LogProbQuality LogProbs { get; init; }

    /// <summary>Whether a response depends on its request's seed and number alone: a run that resumes then samples the same again.</summary>
    public required bool OwnSeeds { get; init; }

    /// <summary>How many synchronised versions the policy that draws may be behind the newest: 0 or 1.</summary>
    public int VersionsBehind { get; init; }
}

/// <summary>What an engine's log-probabilities are worth.</summary>
public enum LogProbQuality
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>The policy's at the sampling temperature, in shorter numbers than the trainer's.</summary>
    Rounded,

    /// <summary>The policy's at the sampling temperature, as the trainer computes them but for the last bits of fp32.</summary>
    Exact,
}

/// <summary>
/// The <c>rollout.engine:</c> of a recipe. Each engine derives one record and names it with <see cref="VariantAttribute"/>.
/// </summary>
public abstract record RolloutEngineOptions
{
    /// <summary>The engine; the caller disposes it.</summary>
    /// <exception cref="BadInputException">The options name what is not there.</exception>
    public abstract IRolloutEngine Create(EngineSetting setting);
}

/// <summary>What an engine is made for.</summary>
/// <param name="Policy">The model whose weights it will be given; borrowed. One that computes in this process may compute with it.</param>
/// <param name="Tokenizer">Gives stop tokens, and the text of responses.</param>
/// <param name="Slots">Sequences to decode side by side.</param>
/// <param name="Decode">Number types of decoding in this process.</param>
public sealed record EngineSetting(Decoder Policy, ITokenizer Tokenizer, int Slots, DecodeOptions Decode);

/// <summary>Sampling in this process.</summary>
[Variant("local")]
public sealed record LocalEngineOptions : RolloutEngineOptions
{
    public override IRolloutEngine Create(EngineSetting setting) => new Sampler(setting.Policy, setting.Tokenizer, setting.Slots, setting.Decode);
}

/// <summary>For whoever wants all responses at once.</summary>
public static class RolloutEngineExtensions
{
    /// <summary>Samples and waits; groups come back in the order of the requests.</summary>
    /// <inheritdoc cref="IRolloutEngine.SampleAsync"/>
    public static IReadOnlyList<RolloutGroup> Sample(this IRolloutEngine engine, IReadOnlyList<SampleRequest> requests, SamplingOptions options,
        IRolloutObserver? observer = null, CancellationToken cancellation = default)
    {
        var groups = new List<RolloutGroup>();
        engine.SampleAsync(requests, options, new OrderedGroups(requests, (_, group) => groups.Add(group), observer), cancellation).GetAwaiter().GetResult();
        return groups;
    }
}
