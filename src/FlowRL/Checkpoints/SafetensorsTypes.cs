using static TorchSharp.torch;

namespace FlowRL.Checkpoints;

/// <summary>The element types of safetensors files that torch has too.</summary>
internal static class SafetensorsTypes
{
    // In the order in which the safetensors library lays tensors out: the widest first, so that each begins aligned.
    private static readonly (string Name, ScalarType Type, int Bytes)[] Known =
    [
        ("I64", ScalarType.Int64, 8), ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("I32", ScalarType.Int32, 4),
        ("BF16", ScalarType.BFloat16, 2), ("F16", ScalarType.Float16, 2), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Names { get; } = string.Join(", ", Known.Select(k => k.Name));

    public static ScalarType? Find(string name)
    {
        foreach (var known in Known)
            if (known.Name == name) return known.Type;
        return null;
    }

    public static string Name(ScalarType type) => Known[Order(type)].Name;

    public static int Bytes(ScalarType type) => Known[Order(type)].Bytes;

    /// <summary>Where tensors of this type stand in a file.</summary>
    public static int Order(ScalarType type)
    {
        var order = Array.FindIndex(Known, k => k.Type == type);
        return order >= 0 ? order : throw new ArgumentException($"Safetensors files hold {Names}; this tensor is {type}.", nameof(type));
    }
}
