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
    /// <exception cref="BadInputException">Two variants have one name, or a recipe cannot hold one of those further records.</exception>
    public OptionVariants(params IEnumerable<Assembly> more)
    {
        var own = typeof(OptionVariants).Assembly;
        _types = [.. more.Prepend(own).Distinct().SelectMany(In)];
        foreach (var variant in _types.Where(type => type.Assembly != own)) Require(variant);
    }

    /// <summary>What this library itself defines.</summary>
    public static OptionVariants BuiltIn { get; } = new();

    /// <summary>What this library defines, and what the assemblies in these files do.</summary>
    /// <param name="paths">Files such as <c>bin/Release/net10.0/my.dll</c>, relative to the working folder; what they need lies beside them.</param>
    /// <exception cref="BadInputException">A file is missing or no assembly, or was built against another FlowRL; or two variants have one name.</exception>
    public static OptionVariants FromFiles(params IEnumerable<string> paths)
    {
        Assembly[] assemblies = [.. paths.Select(VariantAssembly.Load)];
        return assemblies.Length == 0 ? BuiltIn : new OptionVariants(assemblies);
    }

    /// <summary>The records that derive from <paramref name="baseType"/>, by name, in alphabetical order.</summary>
    public IReadOnlyDictionary<string, Type> Of(Type baseType) => _byBase.GetOrAdd(baseType, Find);

    private SortedDictionary<string, Type> Find(Type baseType)
    {
        var found = new SortedDictionary<string, Type>(StringComparer.Ordinal);
        foreach (var type in _types.Where(baseType.IsAssignableFrom))
        {
            if (!found.TryAdd(Name(type), type))
            {
                throw new BadInputException($"{Told(found[Name(type)])} and {Told(type)} are both the variant '{Name(type)}' of " +
                    $"{baseType.Name}; give yours another name in [Variant(\"...\")].");
            }
        }
        return found;
    }

    internal static IEnumerable<Type> In(Assembly assembly) => assembly.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsDefined(typeof(VariantAttribute), inherit: false));

    internal static string Name(Type variant) => variant.GetCustomAttribute<VariantAttribute>(inherit: false)?.Name
        ?? throw new InvalidOperationException($"{variant} needs [Variant(\"name\")] to be written in a recipe.");

    private void Require(Type variant)
    {
        if (variant.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, Type.EmptyTypes) is null)
            throw new BadInputException($"{Told(variant)} has no constructor without parameters; make its keys properties with get and init.");
        try
        {
            RequireNotation(variant, []);
        }
        catch (NotSupportedException wrong)
        {
            throw new BadInputException($"{Told(variant)} has a key without a notation. {wrong.Message}", wrong);
        }
        for (var parent = variant.BaseType; parent is { IsAbstract: true }; parent = parent.BaseType) _ = Of(parent);
    }

    private static void RequireNotation(Type record, HashSet<Type> seen)
    {
        if (!seen.Add(record)) return;
        foreach (var key in OptionsShape.Of(record).Keys)
        {
            for (var value = key.Value; value is not null; value = value.Item)
                if (value.Kind == RecipeValueKind.Record) RequireNotation(value.Type, seen);
        }
    }

    private static string Told(Type variant) => $"{variant.FullName} in {VariantAssembly.FileOf(variant.Assembly)}";
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
