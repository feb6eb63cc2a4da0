using FlowRL.Tasks;

namespace FlowRL.Rollouts;

/// <summary>Asks for a group of responses. Response i draws its tokens from a stream of its own, derived from the seed and i.</summary>
public sealed record SampleRequest(Problem Problem, int[] PromptIds, int Samples, ulong Seed);
