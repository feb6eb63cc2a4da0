namespace FlowRL.Decoding;

/// <summary>Receives one row of logits. Called from several threads at once, once for each index.</summary>
/// <param name="index">Which of the sequences that were asked for.</param>
/// <param name="logits">(V) fp32, valid during the call only.</param>
public delegate void LogitsReader(int index, ReadOnlySpan<float> logits);
