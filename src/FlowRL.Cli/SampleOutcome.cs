using FlowRL.Rollouts;

namespace FlowRL.Cli;

/// <summary>One response sampled for reading.</summary>
internal sealed record SampleOutcome(string Text, int Length, FinishReason FinishReason);
