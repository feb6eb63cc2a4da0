using System.Reflection;

namespace FlowRL.Models.Families;

/// <summary>The families that can be loaded: those of this library, and those of other assemblies.</summary>
public sealed class ModelFamilies
{
    private readonly SortedDictionary<string, ModelFamily> _families = new(StringComparer.Ordinal);

    /// <param name="more">Assemblies with further classes that derive from <see cref="ModelFamily"/>.</param>
    /// <exception cref="InvalidOperationException">Two families have the same name.</exception>
    public ModelFamilies(params IEnumerable<Assembly> more)
        : this(more.Prepend(typeof(ModelFamily).Assembly).Distinct().SelectMany(assembly => assembly.GetTypes()).Where(IsFamily)
            .Select(type => (ModelFamily)Activator.CreateInstance(type, nonPublic: true)!))
    {
    }

    internal ModelFamilies(IEnumerable<ModelFamily> families)
    {
        foreach (var family in families)
        {
            if (!_families.TryAdd(family.Name, family))
                throw new InvalidOperationException($"{family.GetType()} and {_families[family.Name].GetType()} are both the family '{family.Name}'.");
        }
    }

    /// <summary>What this library itself knows.</summary>
    public static ModelFamilies BuiltIn { get; } = new();

    /// <summary>Their names, in alphabetical order.</summary>
    public IReadOnlyCollection<string> Names => _families.Keys;

    /// <summary>The family that <c>model_type</c> calls by this name; null where there is none.</summary>
    public ModelFamily? Find(string name) => _families.GetValueOrDefault(name);

    /// <summary>The names as a sentence has them, such as "llama, qwen2 and qwen3".</summary>
    internal string List(string conjunction) => Names.ToArray() is [.. var head, var last] && head.Length > 0
        ? $"{string.Join(", ", head)} {conjunction} {last}" : string.Join("", Names);

    private static bool IsFamily(Type type) => type is { IsClass: true, IsAbstract: false } && typeof(ModelFamily).IsAssignableFrom(type) &&
        type.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is not null;
}
