using System.Collections.Concurrent;
using System.Reflection;

namespace FlowRL.Configuration;

/// <summary>The keys of a record type, those of its base records first, each in order of declaration.</summary>
internal sealed class OptionsShape
{
    private static readonly ConcurrentDictionary<Type, OptionsShape> Shapes = new();

    private OptionsShape(Type type)
    {
        Type = type;
        Keys = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType!)).ThenBy(p => p.MetadataToken)
            .Select(p => new OptionKey(p))];
    }

    public Type Type { get; }

    public IReadOnlyList<OptionKey> Keys { get; }

    public static OptionsShape Of(Type type) => Shapes.GetOrAdd(type, t => new OptionsShape(t));

    public OptionKey? Find(string name) => Keys.FirstOrDefault(k => k.Name == name);

    /// <summary>A new record with the defaults of its declaration. Required properties are left for the binder to set or to miss.</summary>
    public object Create() => Activator.CreateInstance(Type, nonPublic: true)!;

    /// <summary>A copy whose properties may be set without changing <paramref name="record"/>.</summary>
    public object Copy(object record)
    {
        var copy = Create();
        foreach (var key in Keys) key.Set(copy, key.Get(record));
        return copy;
    }

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
