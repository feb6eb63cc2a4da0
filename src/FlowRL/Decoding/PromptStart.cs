namespace FlowRL.Decoding;

/// <summary>A prompt to compute once, and the slots whose sequences start with it.</summary>
public sealed record PromptStart(int[] PromptIds, int[] Slots);
