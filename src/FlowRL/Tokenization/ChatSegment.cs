namespace FlowRL.Tokenization;

/// <summary>A part of a rendered conversation: one of the template's own special tokens, or text.</summary>
internal readonly record struct ChatSegment(string Text, bool IsMarker);
