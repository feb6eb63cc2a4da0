using FlowRL.Tasks;

namespace FlowRL.Rollouts;

/// <summary>G responses to one problem. A group is a type, so that responses of different prompts cannot be normalised together.</summary>
public sealed record RolloutGroup(Problem Problem, int[] PromptIds, IReadOnlyList<Response> Responses);
