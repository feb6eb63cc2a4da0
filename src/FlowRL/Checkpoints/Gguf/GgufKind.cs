namespace FlowRL.Checkpoints.Gguf;

/// <summary>The kinds of value that a GGUF file's metadata has, by their numbers in files.</summary>
internal enum GgufKind : uint
{
    UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Bool, String, Array, UInt64, Int64, Float64,
}

/// <summary>Several values of one kind under one key.</summary>
/// <param name="Kind">Of each.</param>
/// <param name="Items">A .NET array of that kind; of <see cref="GgufArray"/> where arrays hold arrays.</param>
internal sealed record GgufArray(GgufKind Kind, Array Items);
