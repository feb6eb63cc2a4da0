using System.Collections.Concurrent;
using System.Reflection;

namespace FlowRL.Configuration;

/// <summary>
/// The records that a recipe's <c>type:</c> can select: those of this library, and those of other assemblies where an own task or
/// objective is defined.
/// </summary>
public sealed class OptionVariants
{
    internal const string TypeKey = "type";

    private readonly Type[] _types;
    private readonly ConcurrentDictionary<Type, IReadOnlyDictionary<string, Type>> _byBase = new();

    /// <param name="more">Assemblies with further records that carry <see cref="VariantAttribute"/>.</param>
    public OptionVariants(params IEnumerable<Assembly> more) => _types =
        [.. more.Prepend(typeof(OptionVariants).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsDefined(typeof(VariantAttribute), inherit: false))];

    /// <summary>What this library itself defines.</summary>
    public static OptionVariants BuiltIn { get; } = new();

    /// <summary>The records that derive from <paramref name="baseType"/>, by name, in alphabetical order.</summary>
    /// <exception cref="InvalidOperationException">Two of them have the same name.</exception>
    public IReadOnlyDictionary<string, Type> Of(Type baseType) => _byBase.GetOrAdd(baseType, Find);

    private SortedDictionary<string, Type> Find(Type baseType)
    {
        var found = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var type in _types.Where(baseType.IsAssignableFrom))
        {
            if (!found.TryAdd(Name(type), type))
                throw new InvalidOperationException($"{type} and {found[Name(type)]} are both the variant '{Name(type)}' of {baseType}.");
        }
        return found;
    }

    internal static string Name(Type variant) => variant.GetCustomAttribute<VariantAttribute>(inherit: false)?.Name
        ?? throw new InvalidOperationException($"{variant} needs [Variant(\"name\")] to be written in a recipe.");
}

/// <summary>
/// Names a concrete options record in recipes: the value of <c>type:</c> that selects it among the records that derive from the same
/// abstract one. <c>objective: flowrl</c> is short for <c>objective: { type: flowrl }</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class VariantAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
