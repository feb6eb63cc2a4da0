namespace FlowRL.Checkpoints.Gguf;

/// <summary>Reads the values of metadata: whole numbers and floats as .NET's of the same size, texts, and arrays of these.</summary>
internal static class GgufValues
{
    /// <summary>Arrays of arrays: more than this are no model's.</summary>
    private const int DeepestArray = 4;

    public static object Read(GgufCursor cursor, string key)
    {
        var kind = Kind(cursor, key);
        return Read(cursor, kind, key, depth: 0);
    }

    private static GgufKind Kind(GgufCursor cursor, string key)
    {
        var at = cursor.Position;
        var number = cursor.UInt32($"the type of '{key}'");
        return Enum.IsDefined((GgufKind)number) ? (GgufKind)number : throw cursor.Wrong($"gives '{key}' the type {number}, which does not exist", at);
    }

    private static object Read(GgufCursor cursor, GgufKind kind, string key, int depth) => kind switch
    {
        GgufKind.UInt8 => cursor.Byte($"'{key}'"),
        GgufKind.Int8 => (sbyte)cursor.Byte($"'{key}'"),
        GgufKind.UInt16 => cursor.UInt16($"'{key}'"),
        GgufKind.Int16 => (short)cursor.UInt16($"'{key}'"),
        GgufKind.UInt32 => cursor.UInt32($"'{key}'"),
        GgufKind.Int32 => (int)cursor.UInt32($"'{key}'"),
        GgufKind.UInt64 => cursor.UInt64($"'{key}'"),
        GgufKind.Int64 => (long)cursor.UInt64($"'{key}'"),
        GgufKind.Float32 => Single(cursor, key),
        GgufKind.Float64 => BitConverter.UInt64BitsToDouble(cursor.UInt64($"'{key}'")),
        GgufKind.Bool => Flag(cursor, key),
        GgufKind.String => cursor.Text($"'{key}'"),
        _ => Many(cursor, key, depth),
    };

    private static float Single(GgufCursor cursor, string key) => BitConverter.UInt32BitsToSingle(cursor.UInt32($"'{key}'"));

    private static bool Flag(GgufCursor cursor, string key)
    {
        var at = cursor.Position;
        var value = cursor.Byte($"'{key}'");
        return value <= 1 ? value == 1 : throw cursor.Wrong($"has the truth value {value} in '{key}', which must be 0 or 1", at);
    }

    private static GgufArray Many(GgufCursor cursor, string key, int depth)
    {
        if (depth == DeepestArray) throw cursor.Wrong($"has arrays within arrays deeper than {DeepestArray} in '{key}'");
        var kind = Kind(cursor, key);
        var count = cursor.Count($"values of '{key}'", LeastBytes(kind));
        return new GgufArray(kind, kind switch
        {
            GgufKind.UInt8 => Fill(new byte[count], () => cursor.Byte(key)),
            GgufKind.Int8 => Fill(new sbyte[count], () => (sbyte)cursor.Byte(key)),
            GgufKind.UInt16 => Fill(new ushort[count], () => cursor.UInt16(key)),
            GgufKind.Int16 => Fill(new short[count], () => (short)cursor.UInt16(key)),
            GgufKind.UInt32 => Fill(new uint[count], () => cursor.UInt32(key)),
            GgufKind.Int32 => Fill(new int[count], () => (int)cursor.UInt32(key)),
            GgufKind.UInt64 => Fill(new ulong[count], () => cursor.UInt64(key)),
            GgufKind.Int64 => Fill(new long[count], () => (long)cursor.UInt64(key)),
            GgufKind.Float32 => Fill(new float[count], () => Single(cursor, key)),
            GgufKind.Float64 => Fill(new double[count], () => BitConverter.UInt64BitsToDouble(cursor.UInt64(key))),
            GgufKind.Bool => Fill(new bool[count], () => Flag(cursor, key)),
            GgufKind.String => Fill(new string[count], () => cursor.Text(key)),
            _ => Fill(new GgufArray[count], () => Many(cursor, key, depth + 1)),
        });
    }

    private static T[] Fill<T>(T[] items, Func<T> next)
    {
        for (var i = 0; i < items.Length; i++) items[i] = next();
        return items;
    }

    /// <summary>What one value takes at least: so many cannot be announced that they would not fit into the file.</summary>
    private static int LeastBytes(GgufKind kind) => kind switch
    {
        GgufKind.UInt8 or GgufKind.Int8 or GgufKind.Bool => 1,
        GgufKind.UInt16 or GgufKind.Int16 => 2,
        GgufKind.UInt32 or GgufKind.Int32 or GgufKind.Float32 => 4,
        GgufKind.Array => 12,
        _ => 8,
    };
}
