namespace FlowRL.Decoding;

/// <summary>An engine that knows what it holds between <see cref="IDecodeEngine.Open"/> and <see cref="IDecodeEngine.Close"/>.</summary>
internal interface IMeasuredEngine
{
    /// <summary>Bytes of its own copy of the weights.</summary>
    long PackedBytes { get; }

    /// <summary>Bytes of keys and values, with those of the prompts in use.</summary>
    long CacheBytes { get; }
}
