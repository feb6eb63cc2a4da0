using System.Collections;
using System.Globalization;
using System.Reflection;

namespace FlowRL.Recipes;

/// <summary>
/// Turns what was written into a typed record. Keys that are not given keep the default of the record that holds them, which may differ
/// from the default of their own type. Nothing stops at the first error.
/// </summary>
internal sealed class RecipeBinder(RecipeVariants variants, RecipeErrors errors)
{
    private readonly List<string> _badPaths = [];
    private RecipeShape? _root;

    /// <summary>The record, to be used only if no error was added.</summary>
    public object Bind(RecipeNode.Mapping node, Type type)
    {
        _root = RecipeShape.Of(type);
        var record = Record(node, _root, _root.Create(), "");
        new RecipeValidator(errors, _badPaths).Check(record, node);
        return record;
    }

    private object Record(RecipeNode.Mapping node, RecipeShape shape, object record, string path)
    {
        foreach (var entry in node.Entries)
        {
            var entryPath = Join(path, entry.Key);
            if (shape.Find(entry.Key) is { } key) Key(key, entry, record, entryPath);
            else if (!(entry.Key == RecipeVariants.TypeKey && shape.Type.IsDefined(typeof(VariantAttribute), false)))
                Fail(entry.Place, entryPath, $"no such key{Suggest(entry.Key, path, shape)}");
        }
        foreach (var key in shape.Keys.Where(k => k.IsRequired && node.Find(k.Name) is null))
            Fail(node.Place, Join(path, key.Name), $"is missing; give {Needed(key.Value)}.");
        return record;
    }

    private void Key(RecipeKey key, RecipeNode.Entry entry, object record, string path)
    {
        if (entry.Value is RecipeNode.Scalar { IsNull: true })
        {
            if (key.IsNullable) key.Set(record, null);
            else Fail(entry.Place, path, $"has no value; give {Needed(key.Value)}, or leave the key out.");
        }
        else if (Value(entry.Value, key.Value, key.Get(record), path) is { } value && Within(key.Limits, value, entry.Value.Place, path))
        {
            key.Set(record, value);
        }
    }

    private object? Value(RecipeNode node, RecipeValue type, object? current, string path) => (type.Kind, node) switch
    {
        (RecipeValueKind.Variant, RecipeNode.Scalar or RecipeNode.Mapping) => Variant(node, type.Type, current, path),
        (RecipeValueKind.Record, RecipeNode.Mapping mapping) => Record(mapping, RecipeShape.Of(type.Type), Start(type.Type, current), path),
        (RecipeValueKind.List, RecipeNode.Sequence sequence) => Items(sequence, type.Item!, path),
        (RecipeValueKind.Map, RecipeNode.Mapping mapping) => Named(mapping, type, path),
        (RecipeValueKind.Patch, RecipeNode.Mapping mapping) => Patch(type.Type, mapping),
        (_, RecipeNode.Scalar scalar) when type.IsScalar => Scalar(scalar, type, path),
        _ => Fail(node.Place, path, $"needs {Needed(type)}, not {Describe(node)}."),
    };

    private object? Scalar(RecipeNode.Scalar scalar, RecipeValue type, string path)
    {
        var value = RecipeScalars.Read(scalar.Text, type, out var problem);
        return value ?? Fail(scalar.Place, path, problem);
    }

    private object? Items(RecipeNode.Sequence sequence, RecipeValue type, string path)
    {
        var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type.Type))!;
        var complete = true;
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var itemPath = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]");
            if (Value(sequence.Items[i], type, null, itemPath) is { } item) items.Add(item);
            else complete = false;
        }
        return complete ? items : null;
    }

    // An ordered dictionary: the order in which things are written is the order in which they are used.
    private object? Named(RecipeNode.Mapping mapping, RecipeValue type, string path)
    {
        var named = (IDictionary)Activator.CreateInstance(typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), type.Item!.Type))!;
        var complete = true;
        foreach (var entry in mapping.Entries)
        {
            if (Value(entry.Value, type.Item, null, Join(path, entry.Key)) is { } item) named.Add(entry.Key, item);
            else complete = false;
        }
        return complete ? named : null;
    }

    private static object Patch(Type type, RecipeNode.Mapping written) =>
        Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.NonPublic, null, [written], null)!;

    private object? Variant(RecipeNode node, Type baseType, object? current, string path)
    {
        var mapping = node as RecipeNode.Mapping;
        var written = mapping is null ? node : mapping.Find(RecipeVariants.TypeKey)?.Value;
        var named = variants.Of(baseType);
        var type = current?.GetType();
        if (written is RecipeNode.Scalar { IsNull: false } name)
        {
            if (!named.TryGetValue(name.Text, out type))
                return Fail(name.Place, path, $"{RecipeErrors.Quote(name.Text)} is not one of {RecipeNames.List(named.Keys)}" +
                    RecipeNames.DidYouMean(name.Text, named.Keys));
        }
        else if (written is not null || type is null)
        {
            return Fail(written?.Place ?? node.Place, path, $"needs a '{RecipeVariants.TypeKey}': one of {RecipeNames.List(named.Keys)}.");
        }
        return Record(mapping ?? new RecipeNode.Mapping(node.Place, []), RecipeShape.Of(type), Start(type, current), path);
    }

    private bool Within(RecipeLimits limits, object value, RecipePlace place, string path)
    {
        if (limits.IsNone || value is IList) return true;
        if (limits.Allow(Convert.ToDouble(value, CultureInfo.InvariantCulture))) return true;
        Fail(place, path, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range; use a number {Bounds(limits)}."));
        return false;
    }

    private static string Bounds(RecipeLimits limits) => limits switch
    {
        { Minimum: { } low, Maximum: null } => $"of {RecipeNumbers.Write(low)} or more",
        { Minimum: null, Maximum: { } high } => $"of {RecipeNumbers.Write(high)} or less",
        _ => limits.ToString(),
    };

    // First a neighbour with a similar name, then the same name elsewhere in the recipe.
    private string Suggest(string name, string path, RecipeShape shape)
    {
        var names = shape.Keys.Select(k => k.Name);
        if (Spelling.Nearest(name, names) is { } near) return $"; did you mean '{Join(path, near)}'?";
        if (Places(_root!, "").FirstOrDefault(p => p.EndsWith($".{name}", StringComparison.Ordinal)) is { } other)
            return $"; did you mean '{other}'?";
        return shape.Keys.Count == 0 ? "; there are no keys here." : $"; the keys here are {RecipeNames.List(names)}.";
    }

    private static IEnumerable<string> Places(RecipeShape shape, string path) => shape.Keys.SelectMany(k =>
        k.Value.Kind == RecipeValueKind.Record ? Places(RecipeShape.Of(k.Value.Type), Join(path, k.Name)) : [Join(path, k.Name)]);

    private string Needed(RecipeValue type) =>
        type.Kind == RecipeValueKind.Variant ? $"one of {RecipeNames.List(variants.Of(type.Type).Keys)}" : type.Needed;

    private static object Start(Type type, object? current) =>
        current?.GetType() == type ? RecipeShape.Of(type).Copy(current) : RecipeShape.Of(type).Create();

    private static string Describe(RecipeNode node) => node switch
    {
        RecipeNode.Scalar scalar => RecipeErrors.Quote(scalar.Text),
        RecipeNode.Sequence => "a list",
        _ => "keys below it",
    };

    internal static string Join(string path, string key) => path == "" ? key : $"{path}.{key}";

    private object? Fail(RecipePlace place, string path, string problem)
    {
        _badPaths.Add(path);
        errors.Add(place, path, problem);
        return null;
    }
}
