namespace FlowRL.Decoding;

/// <summary>Number type of weights or cache while sampling.</summary>
public enum DecodeType
{
    /// <summary>The trainer's own numbers.</summary>
    Float32,

    /// <summary>Half the memory; sums stay in fp32.</summary>
    Bfloat16,
}
